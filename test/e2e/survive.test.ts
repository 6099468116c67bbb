import {describe, expect, it} from 'vitest';
import {allRunbooks} from '../../source/config/built-in-runbooks.ts';
import {titan} from '../../source/config/titan.ts';
import {compile} from '../../source/runbook/compile.ts';
import {confirm, container, eventually, finished, journals, useLab} from './lab.ts';
import {makeHome, start} from './terminal.ts';

const SERVICES = ['titan-nats', 'titan-brain', 'titan-execution', 'titan-scavenger', 'titan-sentinel'];

/** Every step of every built-in runbook, with the key that opens its plan. */
const STEPS = allRunbooks(titan).flatMap((spec) =>
	compile(spec, titan).steps.map(({id}) => [spec.id, spec.key!, id] as const),
);

describe('a run whose console is killed with -9', {timeout: 120_000}, () => {
	useLab();

	it.each(STEPS)('in %s (%s), at %s, ends verified, and the next console shows it', async (_, key, step) => {
		const home = makeHome();
		const terminal = start({home});
		await terminal.see('Nothing is wrong', {withinMs: 30_000});
		// A purge removes nothing where there are fewer than a thousand: the lab has had them by now, or the plan says so.
		await eventually(
			'the plan can be confirmed',
			async () => {
				terminal.press(key);
				await terminal.see(/Press y|Type TITAN_INTENTS|cannot run now/);
				if (!terminal.text().includes('cannot run now')) return true;
				terminal.press('esc');
				await terminal.gone('PLAN');
				return false;
			},
			90_000,
		);
		await confirm(terminal, {until: () => journals(home).length > 0});
		await eventually(`${step} begins`, () =>
			journals(home)
				.at(-1)
				?.some((event) => event.event === 'step' && event.step === step),
		);
		terminal.kill('SIGKILL');
		await terminal.exit();
		const next = start({home});
		await next.see('RUN  ');
		const {result, checks} = await finished(home);
		expect(result, JSON.stringify(checks)).toBe('verified');
		await next.see('VERIFIED');
		for (const name of SERVICES) expect((await container(name)).status).toBe('running');
	});
});
