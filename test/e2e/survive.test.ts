import {existsSync} from 'node:fs';
import {describe, expect, it, onTestFinished} from 'vitest';
import {breakFault, mend} from '../../lab/lab.ts';
import {allRunbooks} from '../../source/config/built-in-runbooks.ts';
import {titan} from '../../source/config/titan.ts';
import {compile} from '../../source/runbook/compile.ts';
import {placeIn} from '../place-in.ts';
import {
	confirm,
	container,
	eventually,
	finished,
	journals,
	publishIntents,
	showLastRun,
	useLab,
} from './lab.ts';
import {makeHome, start} from './terminal.ts';

const SERVICES = ['titan-nats', 'titan-brain', 'titan-execution', 'titan-scavenger', 'titan-sentinel'];

/** Every step of every built-in runbook, with the key that opens its plan. */
const STEPS = allRunbooks(titan).flatMap((spec) =>
	compile(spec, titan).steps.map(({id}) => [spec.id, spec.key!, id] as const),
);

describe('a run whose console is killed with -9', {timeout: 120_000}, () => {
	useLab();

	it.each(STEPS)('in %s (%s), at %s, ends verified, and the next console shows it', async (id, key, step) => {
		// A purge that keeps a thousand has something to remove.
		await publishIntents(1200);
		const home = makeHome();
		const terminal = start({home});
		await terminal.see('Nothing is wrong', {withinMs: 30_000});
		if (id === 'recreate') {
			// There must be something to recreate, and a configuration: it is saved once the server is known to be the container's.
			await eventually('the configuration is saved', () => existsSync(placeIn(home.state).configs));
			onTestFinished(() => mend(), 60_000);
			await breakFault('consumer-deleted');
			await terminal.see('execution-consumer is missing', {withinMs: 15_000});
		}
		terminal.press(key);
		await confirm(terminal, {until: () => journals(home).length > 0});
		await eventually(`${step} begins`, () =>
			journals(home)
				.at(-1)
				?.some((event) => event.event === 'step' && event.step === step),
		);
		terminal.kill('SIGKILL');
		await terminal.exit();
		const next = start({home});
		const {result, checks} = await finished(home);
		expect(result, JSON.stringify(checks)).toBe('verified');
		// A run that had ended when this console was started is shown by v.
		await next.see('1 CONTAINERS');
		await showLastRun(next);
		await next.see('VERIFIED');
		for (const name of SERVICES) expect((await container(name)).status).toBe('running');
	});

	it('goes on where the terminal takes its whole process group along', async () => {
		const home = makeHome();
		const terminal = start({home});
		await terminal.see('Nothing is wrong', {withinMs: 30_000});
		terminal.press('R');
		await confirm(terminal, {until: () => journals(home).length > 0});
		process.kill(-terminal.pid, 'SIGKILL');
		await terminal.exit();
		expect((await finished(home)).result).toBe('verified');
	});
});
