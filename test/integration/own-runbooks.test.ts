/** Runbooks that an operator adds, on a real deployment. Runs inside `lab exec`. */
import {afterAll, beforeEach, describe, expect, it} from 'vitest';
import {tempFolder} from '../config/temp.ts';
import {container, expectAllRunning, jetmedic, restore, startTimes} from './scene.ts';

const configuration = (steps: string): string =>
	`runbooks:\n  - id: bounce\n    key: B\n    title: bounce the brain of {stream}\n    steps:\n${steps}`;

const bounce = ['run', 'bounce', '--yes', '--json', '--config', 'own.yaml'];

describe("a runbook of the operator's", {timeout: 90_000}, () => {
	beforeEach(restore, 90_000);
	afterAll(restore, 90_000);

	it('has the plan, the journal, the command and the verification of every other one', async () => {
		const state = await tempFolder({
			'own.yaml': configuration(
				'      - stop: titan-brain\n      - run: [sh, -c, "echo on $JETMEDIC_STREAM; echo to stderr >&2"]\n      - start: titan-brain\n      - waitFor: [titan-brain]\n',
			),
		});
		const before = await startTimes();
		const dry = jetmedic(['run', 'bounce', '--dry-run', '--config', 'own.yaml'], {state});
		expect((await dry.ended()).code).toBe(0);
		expect(dry.lines.join('\n')).toMatch(
			/bounce the brain of TITAN_INTENTS[\s\S]*docker compose -p titan stop titan-brain/,
		);
		expect(await startTimes()).toEqual(before);

		const run = jetmedic(bounce, {state});
		const {code, stdout} = await run.ended();
		expect(code, stdout).toBe(0);
		expect(run.events[0]).toMatchObject({event: 'started', runbook: 'bounce'});
		expect(run.events).toContainEqual(
			expect.objectContaining({
				step: 'run',
				status: 'done',
				text: expect.stringContaining('on TITAN_INTENTS'),
			}),
		);
		const after = await startTimes();
		expect(after['titan-brain']).not.toBe(before['titan-brain']);
		expect({...after, 'titan-brain': ''}).toEqual({...before, 'titan-brain': ''});
	});

	it('whose command fails starts again what it stopped, and says what the command said', async () => {
		const state = await tempFolder({
			'own.yaml': configuration(
				'      - stop: titan-brain\n      - run: [sh, -c, "echo no such luck >&2; exit 3"]\n',
			),
		});
		const run = jetmedic(bounce, {state});
		expect((await run.ended()).code).toBe(1);
		expect(run.result()).toMatchObject({
			result: 'failed',
			error: expect.stringContaining('sh ended with 3. no such luck'),
		});
		await expectAllRunning();
	});

	it('whose command hangs is ended by its deadline, with all that it started', async () => {
		const state = await tempFolder({
			'own.yaml': configuration('      - run: [sh, -c, "sleep 987 & sleep 987"]\n        withinSeconds: 1\n'),
		});
		const run = jetmedic(bounce, {state});
		expect((await run.ended()).code).toBe(1);
		expect(run.result()?.error).toContain('did not end within 1 s');
	});

	it('that names a service which is not there touches nothing', async () => {
		const state = await tempFolder({
			'own.yaml': configuration('      - stop: titan-brain\n      - restart: titan-brian\n'),
		});
		const before = (await container('titan-brain')).State.StartedAt;
		const run = jetmedic(bounce, {state});
		expect((await run.ended()).code).toBe(1);
		expect(run.result()?.error).toContain('titan-brian');
		expect((await container('titan-brain')).State.StartedAt).toBe(before);
	});
});
