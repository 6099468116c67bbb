import {afterAll, afterEach, describe, expect, it} from 'vitest';
import {FAULTS} from '../../lab/faults/table.ts';
import {breakFault, mend} from '../../lab/lab.ts';
import {confirm, useLab} from './lab.ts';
import {start} from './terminal.ts';

type Expected = {
	/** The finding's own words. */
	words: string | RegExp;
	/** What tells of it: the engine at once, or a poll. */
	by: 'event' | 'poll';
	/** The runbook's key that the finding names. */
	key?: 'R' | 'P';
};

const expected: Record<string, Expected> = {
	'nats-killed': {words: /titan-nats (is down|is restarting|was restarted)/, by: 'event'},
	'nats-stopped': {words: 'titan-nats is down', by: 'event', key: 'R'},
	'nats-paused': {words: 'titan-nats is paused', by: 'event', key: 'R'},
	'stream-full': {words: 'TITAN_INTENTS is full', by: 'poll', key: 'P'},
	'consumer-stalled': {words: 'execution-consumer is stalled', by: 'poll'},
	'execution-partitioned': {words: 'titan-execution is cut off from its network', by: 'event'},
	'brain-down': {words: 'titan-brain is down', by: 'event'},
	'metrics-down': {words: 'titan-sentinel /metrics does not answer', by: 'poll'},
};

/** On an idle machine; and how much longer a busy one may take. */
const limitMs = {event: 500, poll: 3000};
const slackMs = 3000;

const table: string[] = [];

describe('a fault', {timeout: 90_000}, () => {
	useLab();
	afterEach(() => mend());
	afterAll(() => {
		if (table.length > 0)
			process.stdout.write(`\nSeen on the screen after the fault:\n${table.join('\n')}\n`);
	});

	it('is expected for each that the lab can make', () => {
		expect(Object.keys(expected).sort()).toEqual(FAULTS.map(({name}) => name).sort());
	});

	it.each(Object.entries(expected))('%s is named, mended, and gone', async (name, {words, by, key}) => {
		const terminal = start();
		await terminal.see('Nothing is wrong');
		const began = performance.now();
		const seen = terminal.see(words, {withinMs: 20_000}).then(() => performance.now());
		const [brokenAt, seenAt] = await Promise.all([breakFault(name).then(() => performance.now()), seen]);
		// Some faults take a while to make, and are seen while they are being made.
		const afterMs = Math.max(0, seenAt - brokenAt);
		table.push(
			`  ${name.padEnd(22)} ${by.padEnd(6)} ${String(Math.round(afterMs)).padStart(6)} ms` +
				`  (${Math.round(seenAt - began)} ms after the command began)`,
		);
		expect(afterMs).toBeLessThan(limitMs[by] + slackMs);

		if (key === undefined) {
			await mend();
		} else {
			terminal.press(key);
			await confirm(terminal);
			await terminal.see('VERIFIED', {withinMs: 60_000});
			expect(terminal.text()).not.toContain('UNVERIFIED');
			terminal.press('esc');
		}
		const gone = name === 'nats-killed' ? /titan-nats is (down|restarting)/ : words;
		await terminal.gone(gone, {withinMs: 15_000});
		await terminal.see('1 CONTAINERS');
	});
});
