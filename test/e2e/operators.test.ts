import {hostname} from 'node:os';
import {afterEach, describe, expect, it} from 'vitest';
import {breakFault, mend} from '../../lab/lab.ts';
import {canBecome} from '../able.ts';
import {onHost} from '../integration/engine.ts';
import {confirm, docker, finished, journals, pressUntil, useLab} from './lab.ts';
import {LAUNCHER, makeHome, start} from './terminal.ts';

describe('two operators', {timeout: 90_000}, () => {
	useLab();
	afterEach(() => mend());

	it('see one run, and start no second one', async () => {
		// Without its brain the deployment does not reconnect: the run waits for it.
		await breakFault('brain-down');
		const home = makeHome();
		const [first, second, stranger] = [start({home}), start({home}), start()];
		for (const terminal of [first, second, stranger]) await terminal.see('titan-brain is down');
		first.press('R');
		await confirm(first);
		await second.see('RUN  restart titan-nats');
		second.press('R');
		await second.see('A run goes on; there is one at a time.');

		// Somebody whose records are elsewhere sees the run too, from its first step on, and can't start one either.
		await stranger.see('RUN  restart titan-nats');
		await stranger.see(/✔ preflight/);
		await stranger.see(/[⠋⠙⠹⠸] wait for the services/);
		stranger.press('R');
		await stranger.see('A run goes on; there is one at a time.');
		expect(journals(stranger.home)).toEqual([]);

		await docker('start', 'titan-brain');
		expect((await finished(home)).result).toBe('verified');
		for (const terminal of [first, second, stranger]) await terminal.see('VERIFIED');
		expect(journals(home)).toHaveLength(1);
	});

	it.skipIf(!canBecome)('on two hosts see one run; whoever is not on its host can not abort it', async () => {
		await breakFault('brain-down');
		const home = makeHome();
		const first = start({home});
		const second = start({command: [...onHost('second-host'), process.execPath, LAUNCHER]});
		for (const terminal of [first, second]) await terminal.see('titan-brain is down');
		first.press('R');
		await confirm(first);
		await second.see(new RegExp(`RUN  restart titan-nats .* by root on ${hostname()}`));
		await second.see(/[⠋⠙⠹⠸] wait for the services/);
		second.press('a');
		await second.see('Abort');
		await pressUntil(second, 'y', () => second.text().includes('can only be aborted there'));
		await second.see(`This run is root's on ${hostname()}`);

		// Its end is seen, and a run from the other host is seen here.
		await docker('start', 'titan-brain');
		expect((await finished(home)).result).toBe('verified');
		await second.see('VERIFIED');
	});

	it('see at once that another one’s run was killed', async () => {
		await breakFault('brain-down');
		const home = makeHome();
		const [first, stranger] = [start({home}), start()];
		for (const terminal of [first, stranger]) await terminal.see('titan-brain is down');
		first.press('R');
		await confirm(first);
		await stranger.see(/[⠋⠙⠹⠸] wait for the services/);
		const [begun] = journals(home)[0]!;
		process.kill((begun as {pid: number}).pid, 'SIGKILL');
		await stranger.see('This run was killed');
	});
});
