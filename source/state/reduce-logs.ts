import type {ObservationOf} from './observation.ts';
import {own, put} from './record.ts';
import type {LogLine, LogState} from './types.ts';
import {learn} from './usual.ts';

/** The lines that are kept of all services together. */
export const maxLogLines = 2000;

/** How long the times of matches are kept, and how many of one signature in one service. */
export const matchesKeptMs = 5 * 60_000;
export const maxMatches = 1000;

type Matches = LogState['matches'];

/** The logs after some lines were read: the newest ones by their own time, and when which signature matched. */
export function reduceLog(logs: LogState, observation: ObservationOf<'log'>): LogState {
	const {lines, at} = observation;
	const timed = lines.map((line) => (Number.isFinite(line.at) ? line : {...line, at}));
	const matches = addMatches(forget(logs.matches, at - matchesKeptMs), timed, at - matchesKeptMs);
	if (timed.length === 0) {
		return matches === logs.matches ? logs : {...logs, matches};
	}
	let lastSeq = logs.lastSeq ?? 0;
	const added = timed.map((line): LogLine => ({...line, seq: ++lastSeq}));
	return {
		lines: inOrder([...logs.lines, ...added]).slice(-maxLogLines),
		matches,
		lastSeq,
		rates: countLines(logs.rates ?? {}, observation),
		usual: learnUsual(logs, observation),
	};
}

/** The tail that is read first is of any age, and counts for no minute. */
function learnUsual({usual = {}, rates}: LogState, observation: ObservationOf<'log'>): LogState['usual'] {
	const service = observation.lines[0]?.service ?? '';
	const isTail = own(rates ?? {}, service) === undefined;
	const before = own(usual, service);
	const next = learn(before, isTail ? {...observation, lines: []} : observation);
	return next === before ? usual : put(usual, service, next);
}

/** How long lines are counted for one figure. */
const rateMs = 1000;

/** The rates after some lines of one service; the tail that is read first comes at once, and is no rate. */
function countLines(
	rates: NonNullable<LogState['rates']>,
	{lines, dropped = 0, at}: ObservationOf<'log'>,
): NonNullable<LogState['rates']> {
	const service = lines[0]?.service ?? '';
	const before = own(rates, service);
	if (before === undefined) {
		return put(rates, service, {at, perSecond: 0, since: at, lines: 0});
	}
	const counted = before.lines + lines.length + dropped;
	const elapsedMs = at - before.since;
	return put(
		rates,
		service,
		elapsedMs < rateMs
			? {...before, lines: counted}
			: {at, perSecond: (counted / elapsedMs) * 1000, since: at, lines: 0},
	);
}

// Services are read side by side, so their lines cross; the sort is stable and nearly free on what is in order.
function inOrder(lines: LogLine[]): LogLine[] {
	const crossed = lines.some((line, index) => index > 0 && line.at < lines[index - 1]!.at);
	return crossed ? lines.sort((a, b) => a.at - b.at) : lines;
}

function addMatches(matches: Matches, lines: ObservationOf<'log'>['lines'], since: number): Matches {
	// Gathered first: a burst of matching lines must not copy the times once a line.
	const gathered = new Map<string, Map<string, number[]>>();
	for (const line of lines) {
		for (const signature of line.at >= since ? line.matches : []) {
			const ofService = gathered.get(line.service) ?? new Map<string, number[]>();
			gathered.set(line.service, ofService);
			const times = ofService.get(signature) ?? [];
			ofService.set(signature, times);
			times.push(line.at);
		}
	}
	let next = matches;
	for (const [service, signatures] of gathered) {
		let ofService = own(next, service) ?? {};
		for (const [signature, times] of signatures) {
			const all = [...(own(ofService, signature) ?? []), ...times].sort((a, b) => a - b);
			ofService = put(ofService, signature, all.slice(-maxMatches));
		}
		next = put(next, service, ofService);
	}
	return next;
}

function forget(matches: Matches, before: number): Matches {
	const isOld = Object.values(matches).some((ofService) =>
		Object.values(ofService).some((times) => (times[0] ?? before) < before),
	);
	if (!isOld) {
		return matches;
	}
	const kept = Object.entries(matches).map(([service, ofService]) => {
		const signatures = Object.entries(ofService)
			.map(
				([name, times]) =>
					[name, (times[0] ?? 0) >= before ? times : times.filter((time) => time >= before)] as const,
			)
			.filter(([, times]) => times.length > 0);
		return [service, Object.fromEntries(signatures)] as const;
	});
	return Object.fromEntries(kept.filter(([, signatures]) => Object.keys(signatures).length > 0));
}
