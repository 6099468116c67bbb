import type {DockerClient, LogEntry} from '../clients/docker/client.ts';
import type {Emit} from '../state/observation.ts';
import {Backoff, pause} from './loop.ts';

export type LogOptions = {
	service: string;
	/** Lines from before that are shown first. */
	tail: number;
	signatures: string[];
};

// More than this in one batch can't be read by anybody; the newest are kept.
const batchLimit = 1000;

/**
Follows a service's log: its last lines, then live, and again after each restart of its container, from the
last line that was seen on. Never throws.

@param container - The service's container now, or undefined while it has none.
*/
export async function watchLogs(
	client: DockerClient,
	{service, tail, signatures}: LogOptions,
	container: () => {id: string; running: boolean} | undefined,
	emit: Emit,
	signal: AbortSignal,
): Promise<void> {
	const lowered = signatures.map((signature) => ({signature, needle: signature.toLowerCase()}));
	const toLine = ({at, stderr, text}: LogEntry) => {
		const lower = text.toLowerCase();
		const matches = lowered.filter(({needle}) => lower.includes(needle)).map(({signature}) => signature);
		return {at, service, stderr, text, matches};
	};
	const backoff = new Backoff(100, 2000);
	let newest: LogEntry | undefined;
	let read: string | undefined;
	while (!signal.aborted) {
		const now = container();
		// A stopped container's log is read once; then there is nothing new before it runs again.
		if (now === undefined || (!now.running && now.id === read)) {
			await pause(200, signal);
			continue;
		}
		const {id} = now;
		read = id;
		const opened = performance.now();
		// `since` is inclusive, so what was seen is sent again; within one attachment nothing is, and lines of
		// stdout and stderr may cross.
		const seenUpTo = newest?.stamp ?? '';
		const receive = (entries: LogEntry[]): void => {
			const fresh = entries.filter((entry) => entry.stamp > seenUpTo);
			for (const entry of fresh) {
				// Lines of stdout and stderr may cross: the last one that came need not be the newest.
				newest = newest === undefined || entry.stamp > newest.stamp ? entry : newest;
			}
			if (fresh.length > 0) {
				const dropped = Math.max(0, fresh.length - batchLimit);
				emit({kind: 'log', at: Date.now(), lines: fresh.slice(-batchLimit).map(toLine), dropped});
			}
		};
		try {
			const options = newest === undefined ? {tail} : {tail: batchLimit, since: toSince(newest.stamp)};
			await client.logs(id, options, receive, signal);
		} catch {
			// The container went away between the look and the call, or the engine did: the next turn tells.
		}
		if (performance.now() - opened > 5000) {
			backoff.reset();
		}
		await pause(backoff.nextMs, signal);
	}
}

/** The engine's form of a time in a query, `seconds.nanoseconds`: RFC 3339 is answered with 500. */
function toSince(stamp: string): string {
	const fraction = /\.(\d+)/.exec(stamp)?.[1] ?? '0';
	return `${Math.floor(Date.parse(stamp) / 1000)}.${fraction}`;
}
