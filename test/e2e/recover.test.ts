import {afterEach, describe, expect, it} from 'vitest';
import {mend} from '../../lab/lab.ts';
import {confirm, container, finished, useLab} from './lab.ts';
import {start, type Terminal} from './terminal.ts';

const CLIENTS = ['titan-brain', 'titan-execution', 'titan-scavenger', 'titan-sentinel'];

/** A full recovery that has stopped three services and waits for the fourth, which does not take its stop signal. */
async function halfStopped(): Promise<Terminal> {
	const terminal = start();
	await terminal.see('Nothing is wrong');
	process.kill((await container('titan-scavenger')).pid, 'SIGSTOP');
	terminal.press('F');
	await terminal.see('PLAN  full recovery');
	await confirm(terminal);
	await terminal.see(/titan-brain +stopped by this run/, {withinMs: 20_000});
	return terminal;
}

/** Lets go what was stopped, where it still lives. */
async function letGo(): Promise<void> {
	const {pid} = await container('titan-scavenger');
	if (pid > 0) process.kill(pid, 'SIGCONT');
}

describe('full recovery', {timeout: 90_000}, () => {
	useLab();
	afterEach(async () => {
		await letGo();
		await mend();
	});

	it('stops the services, purges, starts them again, and proves it', async () => {
		const terminal = await halfStopped();
		await terminal.see('If it stops now:');
		await terminal.see('will be started again.');
		await letGo();
		await terminal.gone('stopped by this run', {withinMs: 30_000});
		expect((await finished(terminal.home)).result).toBe('verified');
		await terminal.see('VERIFIED');
		await terminal.see(/✔ TITAN_INTENTS was emptied/);
		for (const name of CLIENTS) expect((await container(name)).status).toBe('running');
	});

	it('starts the services again when it is aborted', async () => {
		const terminal = await halfStopped();
		terminal.press('a');
		await terminal.see('Abort the run? What it stopped is started again.');
		terminal.press('n');
		await terminal.gone('Abort the run?');
		terminal.press('a');
		await terminal.see('Abort the run?');
		terminal.press('y');
		await letGo();
		expect((await finished(terminal.home)).result).toBe('aborted');
		await terminal.see('ABORTED');
		await terminal.gone('stopped by this run');
		for (const name of CLIENTS) expect((await container(name)).status).toBe('running');
	});
});
