/** Two faults at once: both are named, or one stands under the other, and what each names mends it. */
import {afterEach, describe, expect, it} from 'vitest';
import {breakFault, mend} from '../../lab/lab.ts';
import {lookOnce} from './fault-case.ts';
import {confirm, eventually, finished, useLab} from './lab.ts';
import {start, type Terminal} from './terminal.ts';

type Pair = {
	faults: [string, string];
	/** What both say on the screen, and their ids. */
	words: string[];
	ids: string[];
	/** Those that the keys mend. */
	mended: string[];
	/** What is pressed, in this order: the last one leaves nothing to mend but what is a human's. */
	keys: ('R' | 'P' | 'S' | 'C')[];
};

const pairs: Pair[] = [
	{
		faults: ['stream-full', 'metrics-down'],
		words: ['TITAN_INTENTS is full', 'titan-sentinel /metrics does not answer'],
		ids: ['stream-full:TITAN_INTENTS', 'metrics-unreachable:sentinel'],
		mended: ['stream-full:TITAN_INTENTS', 'metrics-unreachable:sentinel'],
		keys: ['S', 'P'],
	},
	{
		faults: ['consumer-stalled', 'brain-slow'],
		words: ['execution-consumer is stalled', 'titan-brain answers slowly'],
		// One look can't see yet that nothing is acknowledged, nor that an answer is late again and again.
		ids: ['consumer-lag:TITAN_INTENTS/execution-consumer'],
		mended: ['consumer-stalled:TITAN_INTENTS/execution-consumer'],
		keys: ['S'],
	},
	{
		faults: ['metrics-wrong', 'consumer-deleted'],
		words: ['execution-consumer is missing', 'The metrics of titan-sentinel are wrong'],
		ids: ['consumer-missing:TITAN_INTENTS/execution-consumer'],
		mended: ['consumer-missing:TITAN_INTENTS/execution-consumer', 'metrics-disagree:sentinel'],
		keys: ['S', 'C'],
	},
];

describe('two faults at once', {timeout: 240_000}, () => {
	useLab();
	afterEach(() => mend(), 120_000);

	it.each(pairs)('$faults are both named, and each is mended by its own', async (pair) => {
		const terminal = await calmConsole();
		for (const fault of pair.faults) {
			await breakFault(fault);
		}
		for (const words of pair.words) {
			await terminal.see(words, {withinMs: 40_000});
		}
		await eventually(
			'one look tells both',
			async () => {
				const told = (await lookOnce(terminal.home)).map(({id}) => id);
				return pair.ids.every((id) => told.includes(id));
			},
			30_000,
		);
		const results: string[] = [];
		for (const key of pair.keys) {
			results.push(await run(terminal, key));
		}
		expect(results.at(-1)).toBe('verified');
		const left = (await lookOnce(terminal.home)).map(({id}) => id);
		expect(left.filter((id) => pair.mended.includes(id))).toEqual([]);
		await mend();
		for (const words of pair.words) {
			await terminal.gone(words, {withinMs: 60_000});
		}
	});

	it('of which one hides the other: the second is named once the first is mended', async () => {
		const terminal = await calmConsole();
		await breakFault('consumer-stalled');
		await breakFault('nats-stopped');
		await terminal.see('titan-nats is down', {withinMs: 10_000});
		const before = await lookOnce(terminal.home);
		expect(before.filter(({cause}) => cause === undefined).map(({id}) => id)).toEqual(['nats-down']);
		// The service still acknowledges nothing, and the run says so.
		expect(await run(terminal, 'R')).toBe('unverified');
		await terminal.see('execution-consumer is stalled', {withinMs: 30_000});
		expect(await run(terminal, 'S')).toBe('verified');
		await terminal.gone('execution-consumer is stalled', {withinMs: 30_000});
	});
});

async function calmConsole(): Promise<Terminal> {
	const terminal = start();
	await terminal.see('Nothing is wrong', {withinMs: 60_000});
	return terminal;
}

/** Runs what a key offers, to its end; gives the result and comes back to the panes. */
async function run(terminal: Terminal, key: string): Promise<string> {
	terminal.press(key);
	await confirm(terminal);
	const {result} = await finished(terminal.home, 150_000);
	await terminal.see(/VERIFIED|FAILED/, {withinMs: 10_000});
	terminal.press('esc');
	await terminal.see('DIAGNOSIS', {withinMs: 10_000});
	return result;
}
