import {onSwitch} from './switches.ts';

/** 20,000 lines a second, in portions, so that the service stays alive beside it. */
const FLOOD_LINES = 1000;
const FLOOD_MS = 50;
const HOSTILE_MS = 500;

/** Lines that a screen must not obey: each is one line of the log. */
const HOSTILE = [
	'\x1b[2J\x1b[Hthe screen is cleared: timeout',
	'\x1b]0;the title is taken\x07connection refused',
	'\x1b]52;c;dGhlIGNsaXBib2FyZA==\x07no responders',
	'\x1b[?1049l\x1b[31mred and out of the alternate screen: timeout',
	'\x1b[6n\x1b[c the terminal is asked to answer: timeout',
	'\x9b2J\x90qcontrol characters of eight bits',
	'over\rwritten \b\b\b\bby carriage return and backspace',
	'\u202eturned around by a bidirectional override\u202c: timeout',
	'zero\u200bwidth\u200d and combining e\u0301\u0302\u0303\u0304\u0305',
	'wide: 接続が拒否されました 🚨🚨🚨 connection refused',
	'\0a zero byte',
	`a long line: ${'long '.repeat(6000)}`,
];

/** The faults that spoil the log: lines without end, and lines full of escape sequences. */
export function startNoise(): void {
	repeated('flood', FLOOD_MS, () => {
		const at = new Date().toISOString();
		return Array.from(
			{length: FLOOD_LINES},
			(_, n) => `{"ts":"${at}","level":"info","msg":"flood","n":${n}}`,
		);
	});
	repeated('hostile', HOSTILE_MS, () => HOSTILE);
}

function repeated(name: 'flood' | 'hostile', everyMs: number, lines: () => readonly string[]): void {
	let timer: NodeJS.Timeout | undefined;
	onSwitch(name, (on) => {
		clearInterval(timer);
		if (on) timer = setInterval(() => process.stdout.write(`${lines().join('\n')}\n`), everyMs);
	});
}
