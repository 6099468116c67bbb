import type {ServiceState} from '../state/types.ts';
import {formatBytes} from '../text/bytes.ts';
import {formatAge} from '../text/duration.ts';

/** `for 12 s`: how long something has been so; nothing in the first second. */
export function forAge(since: number | undefined, now: number): string {
	return since === undefined || now - since < 1000 ? '' : `for ${formatAge(now - since)}`;
}

/** `12 s ago`; the other clock may be ahead of ours. */
export const ago = (at: number, now: number): string =>
	now - at < 1000 ? 'just now' : `${formatAge(now - at)} ago`;

/** The parts that are there, in one line. What others wrote ends with a full stop or a line's end, which are none here. */
export const list = (...parts: (string | false | undefined)[]): string =>
	parts
		.map((part) => (part ? part.trim().replace(/(?<!\.)\.$/, '') : ''))
		.filter(Boolean)
		.join(', ');

/** `63.9 of 64.0 MiB`: the unit once where both have the same. */
export function bytesOf(used: number, limit: number): string {
	const a = formatBytes(used, 1);
	const b = formatBytes(limit, 1);
	const unit = b.slice(b.indexOf(' '));
	return a.endsWith(unit) ? `${a.slice(0, -unit.length)} of ${b}` : `${a} of ${b}`;
}

/** Whole per cent of a limit, rounded down as natscli does; 0 where there is no limit. */
export const percentOf = (used: number, limit: number): number =>
	limit > 0 && Number.isFinite(used) ? Math.trunc((used / limit) * 100) : 0;

/** The path of an address, as it is known to those who run the service: `/health`. */
export function pathOf(url: string): string {
	return URL.canParse(url) ? new URL(url).pathname : url;
}

/** What the engine says of a container that does not run: `exited 137, 12 s ago`. */
export function containerEvidence(service: ServiceState | undefined, now: number): string {
	if (!service || service.status === 'missing') {
		return list('its container is missing', service && forAge(service.statusSince, now));
	}
	const {status, exitCode, oomKilled, restarts, finishedAt, statusSince} = service;
	const code = `${exitCode}${oomKilled ? ' (out of memory)' : ''}`;
	switch (status) {
		case 'exited':
			return `exited ${code}, ${ago(finishedAt ?? statusSince, now)}`;
		case 'restarting':
			return list(`restarting after exit ${code}`, restarts > 1 && `${restarts} restarts`);
		case 'created':
			return 'created, never started';
		case 'paused':
			// The title says that it is.
			return forAge(statusSince, now) || 'just now';
		default:
			return list(status, forAge(statusSince, now));
	}
}

/** When a container stopped running, as far as is known. */
export function containerSince(service: ServiceState | undefined): number | undefined {
	return service?.status === 'exited' ? (service.finishedAt ?? service.statusSince) : service?.statusSince;
}
