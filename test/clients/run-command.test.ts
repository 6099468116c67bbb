import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {runCommand} from '../../source/clients/run-command.ts';
import {tempFolder} from '../config/temp.ts';

const never = new AbortController().signal;

describe('runCommand', () => {
	it('starts nothing once it was aborted', async () => {
		const file = join(await tempFolder(), 'started');
		const signal = AbortSignal.abort(new Error('aborted'));
		const argv = ['sh', '-c', `touch ${file}; sleep 30`];
		await expect(runCommand(argv, {deadlineMs: 20_000, signal, env: process.env})).rejects.toThrow('aborted');
		expect(existsSync(file)).toBe(false);
	});

	it('says why a command cannot be started', async () => {
		const options = {deadlineMs: 20_000, signal: never, env: process.env};
		expect(await runCommand(['no-such-command-here'], options)).toMatchObject({
			code: null,
			why: 'There is no command no-such-command-here.',
		});
	});

	it('kills a command at its deadline, with what it started', async () => {
		const options = {deadlineMs: 100, signal: never, env: process.env};
		expect(await runCommand(['sh', '-c', 'sleep 30 & wait'], options)).toMatchObject({
			timedOut: true,
			signal: 'SIGKILL',
		});
	});
});
