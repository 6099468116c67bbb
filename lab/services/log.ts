import type {Role} from './settings.ts';

/** Writes one line of JSON: errors to stderr, the rest to stdout. */
export type Log = (level: 'info' | 'warn' | 'error', msg: string, extra?: Record<string, unknown>) => void;

/** The log of one service. */
export function logOf(role: Role): Log {
	return (level, msg, extra) => {
		const line = JSON.stringify({
			ts: new Date().toISOString(),
			level,
			service: `titan-${role}`,
			msg,
			...extra,
		});
		(level === 'error' ? process.stderr : process.stdout).write(`${line}\n`);
	};
}

/**
 * Limits repeated lines: the same message about the same thing at most once in `everyMs` milliseconds, with the number left out since.
 * An outage of an hour at ten attempts a second must not drown the log.
 */
export function limited(log: Log, everyMs = 1000): Log {
	const last = new Map<string, {at: number; skipped: number}>();
	return (level, msg, extra) => {
		const key = `${msg} ${extra?.['what']}`;
		const before = last.get(key);
		if (before && Date.now() - before.at < everyMs) {
			before.skipped++;
			return;
		}
		log(level, msg, before?.skipped ? {...extra, repeated: before.skipped} : extra);
		last.set(key, {at: Date.now(), skipped: 0});
	};
}
