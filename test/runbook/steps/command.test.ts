import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {titan} from '../../../source/config/titan.ts';
import type {RunContext} from '../../../source/runbook/context.ts';
import {commandStep} from '../../../source/runbook/steps/command.ts';
import {tempFolder} from '../../config/temp.ts';

it('starts nothing once the run was aborted', async () => {
	const file = join(await tempFolder(), 'started');
	const signal = AbortSignal.abort(new Error('aborted'));
	const context = {config: titan, env: process.env, signal, confirmLock: async () => {}};
	const step = commandStep(['sh', '-c', `touch ${file}; sleep 30`], 20_000);
	await expect(step.run(context as RunContext, undefined as never)).rejects.toThrow('aborted');
	expect(existsSync(file)).toBe(false);
});
