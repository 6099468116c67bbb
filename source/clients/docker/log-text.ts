import {sanitize} from '../../text/sanitize.ts';

// What the screen shows in columns of its own, or knows already.
const hidden = new Set([
	'msg',
	'message',
	'ts',
	'time',
	'timestamp',
	'@timestamp',
	'level',
	'severity',
	'service',
	'pid',
	'hostname',
	'v',
]);
const ordinary = new Set(['', 'info', '30', 'debug', '20', 'trace', '10']);

/**
A log line as a person reads it, safe for a terminal. A structured line (one JSON object with a `msg` or
`message`, as pino, zap, slog and winston write it) becomes its message with the level where that is not
ordinary, and its other fields as `key=value`; any other line stays as it is.
*/
export function logText(line: string): string {
	const record = line.startsWith('{') ? parse(line) : undefined;
	const message = record?.['msg'] ?? record?.['message'];
	if (record === undefined || typeof message !== 'string') {
		return sanitize(line);
	}
	const level = String(record['level'] ?? record['severity'] ?? '').toLowerCase();
	const fields = Object.entries(record)
		.filter(([key, value]) => !hidden.has(key) && value !== null && value !== '')
		.map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
	return sanitize([...(ordinary.has(level) ? [] : [`${level}:`]), message, ...fields].join(' '));
}

function parse(line: string): Record<string, unknown> | undefined {
	try {
		return JSON.parse(line) as Record<string, unknown>;
	} catch {
		return undefined;
	}
}
