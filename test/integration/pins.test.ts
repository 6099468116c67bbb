/** A run acts on what was planned, or on nothing. Runs inside `lab exec`. */
import {describe, expect, it} from 'vitest';
import {fingerprint} from '../../source/config/fingerprint.ts';
import {loadConfig} from '../../source/config/load.ts';
import {runId} from '../../source/records/journal.ts';
import type {Plan} from '../../source/runbook/planned.ts';
import {tempFolder} from '../config/temp.ts';
import {jetmedic, makeOwnStream, own, ownFlags, startTimes, streamState} from './scene.ts';

/** The plan of a runbook on the tests' own stream, as `--dry-run --json` prints it. */
async function planOf(runbook: string, state: string): Promise<Plan> {
	const dry = jetmedic(['run', runbook, '--dry-run', '--json', ...ownFlags], {state});
	await dry.ended();
	return JSON.parse(dry.lines[0]!) as Plan;
}

/** What a console starts once that plan was confirmed. */
async function confirmed(runbook: string, pins: Plan['pins'], state: string) {
	const flags = {stream: own.stream, consumer: own.consumer};
	const {config} = await loadConfig({cwd: state, env: {...process.env, XDG_CONFIG_HOME: state}, flags});
	const given = [
		`--id=${runId(runbook, Date.now())}`,
		`--fingerprint=${fingerprint(config)}`,
		`--pins=${JSON.stringify(pins)}`,
		'--confirmed=typed',
		'--confirmed-loss=5000',
	];
	return jetmedic(['run', runbook, '--yes', '--json', ...given, ...ownFlags], {state});
}

describe('a run of a plan', {timeout: 60_000}, () => {
	it('whose stream was deleted and created again since is refused, with both times', async () => {
		const state = await tempFolder();
		await makeOwnStream(1500);
		const {pins} = await planOf('purge', state);
		await makeOwnStream(1500);
		const refused = await confirmed('purge', pins, state);
		const {code, stderr} = await refused.ended();
		expect(code).toBe(1);
		expect(stderr).toMatch(
			new RegExp(
				`^Nothing was done. ${own.stream} is another one: it was created at ${pins.stream?.created} in`,
			),
		);
		expect((await streamState(own.stream)).messages).toBe(1500);
	});

	it('of another engine, or with another container, is refused and touches nothing', async () => {
		const state = await tempFolder();
		const {pins} = await planOf('restart', state);
		const before = await startTimes();
		const other = await confirmed('restart', {...pins, engine: 'ELSE:WHERE'}, state);
		expect((await other.ended()).stderr).toMatch(/^Nothing was done. The engine is another one/);
		const containers = {...pins.containers, 'titan-brain': ['0123456789ab']};
		const replaced = await confirmed('restart', {...pins, containers}, state);
		expect((await replaced.ended()).stderr).toMatch(
			/titan-brain is another container: it was 0123456789ab in/,
		);
		expect(await startTimes()).toEqual(before);
	});
});
