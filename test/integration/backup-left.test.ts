/** What a killed backup left is removed by the next one. Runs inside `lab exec`. */
import {mkdirSync, readdirSync, utimesSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {tempFolder} from '../config/temp.ts';
import {placeIn} from '../place-in.ts';
import {jetmedic, makeOwnStream, own, ownFlags, restore} from './scene.ts';

const left = ['OTHER-20261123T140322Z.part', `${own.stream}-20261123T140322Z.part`];

/** A folder of records where two backups were killed two minutes ago. */
async function killedBackups(): Promise<{state: string; parts: () => string[]}> {
	const state = await tempFolder();
	const {backups} = placeIn(state);
	const before = Date.now() / 1000 - 120;
	for (const name of left) {
		mkdirSync(join(backups, name), {recursive: true});
		writeFileSync(join(backups, name, 'stream.tar.s2'), 'x');
		utimesSync(join(backups, name), before, before);
	}
	return {state, parts: () => readdirSync(backups).filter((name) => name.endsWith('.part'))};
}

describe('what a killed backup left', {timeout: 60_000}, () => {
	beforeAll(restore, 90_000);
	afterAll(restore, 90_000);

	it('is removed by a backup of the same stream', async () => {
		const {state, parts} = await killedBackups();
		await makeOwnStream(100);
		expect(await jetmedic(['backup', own.stream], {state}).ended()).toMatchObject({code: 0});
		expect(parts()).toEqual([left[0]]);
	});

	it('is removed by a run, whichever stream it is of, and the run says so', async () => {
		const {state, parts} = await killedBackups();
		await makeOwnStream(2000);
		const run = jetmedic(['run', 'purge', '--yes', '--json', ...ownFlags], {state});
		await run.event(
			(event) =>
				event.event === 'progress' && event.text === `removed what a killed backup left: ${left.join(', ')}`,
			'it says what it removed',
		);
		await run.step('backup', 'done');
		run.child.kill('SIGTERM');
		await run.ended();
		expect(parts()).toEqual([]);
	});
});
