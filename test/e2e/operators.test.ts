import {afterEach, describe, expect, it} from 'vitest';
import {breakFault, mend} from '../../lab/lab.ts';
import {confirm, docker, finished, journals, pressUntil, useLab} from './lab.ts';
import {makeHome, start} from './terminal.ts';

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

		// Somebody whose records are elsewhere sees no run of others, but cannot start one either.
		stranger.press('R');
		await stranger.see('Press y');
		await pressUntil(stranger, 'y', () => stranger.text().includes('Another run has this deployment'));
		await stranger.see('Nothing was started.');
		expect(journals(stranger.home)).toEqual([]);

		await docker('start', 'titan-brain');
		expect((await finished(home)).result).toBe('verified');
		for (const terminal of [first, second]) await terminal.see('VERIFIED');
		expect(journals(home)).toHaveLength(1);
	});
});
