import {afterEach, describe, expect, it} from 'vitest';
import {breakFault, mend} from '../../lab/lab.ts';
import {container, finished, firstSequence, journals, pressUntil, typeName, useLab} from './lab.ts';
import {start, type Terminal} from './terminal.ts';

const NAME = 'TITAN_INTENTS';

/** A console on a deployment whose consumer has messages to lose, with the plan of the purge open. */
async function openPlan(): Promise<Terminal> {
	await breakFault('consumer-stalled');
	const terminal = start();
	await terminal.see('execution-consumer is stalled', {withinMs: 20_000});
	terminal.press('P');
	await terminal.see(`Type ${NAME} and press enter`);
	return terminal;
}

describe('purge', {timeout: 90_000}, () => {
	useLab();
	afterEach(() => mend());

	it('says who loses what, and is started by nothing but the typed name', async () => {
		const terminal = await openPlan();
		const services = ['titan-nats', 'titan-brain', 'titan-execution', 'titan-scavenger', 'titan-sentinel'];
		const startedAt = () => Promise.all(services.map(async (name) => (await container(name)).startedAt));
		const before = {startedAt: await startedAt(), first: await firstSequence()};
		await terminal.see(/execution-consumer +[\d,]+ go/);
		await terminal.see(/messages that execution-consumer has not processed will not be processed/);

		await pressUntil(terminal, 'enter', () =>
			terminal.text().includes(`Enter alone starts nothing: type ${NAME}.`),
		);
		await typeName(terminal, 'TITAN_INTENT');
		terminal.press('enter');
		await terminal.see(`That is not ${NAME}. Nothing was started.`);
		terminal.press('ctrl-u');
		await terminal.gone('TITAN_INTENT ');
		terminal.paste(`${NAME}\r`);
		await terminal.see('Pasted text is ignored here: type it.');
		terminal.burst(`${NAME}\r`);
		await terminal.see('Enter came together with other keys: press it by itself.');
		terminal.press('esc');
		await terminal.gone('PLAN');
		await terminal.see('1 CONTAINERS');

		expect(journals(terminal.home)).toEqual([]);
		expect({startedAt: await startedAt(), first: await firstSequence()}).toEqual(before);
	});

	it('keeps a thousand, backs the rest up, and says what was lost', async () => {
		const terminal = await openPlan();
		await typeName(terminal, NAME);
		await pressUntil(terminal, 'enter', () => terminal.text().includes('RUN  purge'));
		await terminal.see('What was lost:', {withinMs: 30_000});
		// The consumer's floor moves, as the last check wants it, only when its service is back.
		await mend();
		expect((await finished(terminal.home)).result).toBe('verified');
		await terminal.see('VERIFIED');
		await terminal.see(/✔ the last 1,000 messages were kept/);
		await terminal.see(/✔ back up TITAN_INTENTS/);
	});
});
