/** Runs whose journal can't be written. Runs inside `lab exec`, as root: it mounts a tiny file system. */

import {execFileSync} from 'node:child_process';
import {appendFileSync, closeSync, openSync, readdirSync, rmSync, statSync, writeSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeEach, describe, expect, it, onTestFinished} from 'vitest';
import {readJournal} from '../../source/records/journal.ts';
import {newestRun} from '../../source/sources/runs.ts';
import {canMount} from '../able.ts';
import {tempFolder} from '../config/temp.ts';
import {placeIn} from '../place-in.ts';
import {clients, expectAllRunning, jetmedic, restore, startTimes, streamState} from './scene.ts';

const page = 4096;

/** A folder on a file system of 256 KiB, gone when the test ends. */
async function tinyDisk(): Promise<string> {
	const folder = await tempFolder();
	execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder]);
	onTestFinished(() => void execFileSync('umount', ['-l', folder]));
	return folder;
}

/** Writes until there is no room left. Answers what makes room again. */
function fill(folder: string): () => void {
	const path = join(folder, 'filler');
	const file = openSync(path, 'w');
	try {
		for (;;) {
			writeSync(file, Buffer.alloc(page));
		}
	} catch {
		return () => rmSync(path);
	} finally {
		closeSync(file);
	}
}

describe.skipIf(!canMount)('on a full disk', {timeout: 90_000}, () => {
	beforeEach(restore, 90_000);
	afterAll(restore, 90_000);

	it('a run that can not begin its journal touches nothing, and hides no run before it', async () => {
		const state = await tinyDisk();
		const place = placeIn(state);
		const earlier = jetmedic(['run', 'restart', '--yes', '--json'], {state});
		expect((await earlier.ended()).code).toBe(0);
		const id = newestRun(place)?.id;
		fill(state);
		const before = {times: await startTimes(), first: (await streamState('TITAN_INTENTS')).first_seq};
		const run = jetmedic(['run', 'recover', '--yes', '--json', '--no-backup'], {state});
		expect(await run.ended()).toMatchObject({
			code: 1,
			stderr: expect.stringMatching(/Nothing was done: .*its disk is full/),
		});
		expect({times: await startTimes(), first: (await streamState('TITAN_INTENTS')).first_seq}).toEqual(
			before,
		);
		expect(newestRun(place)?.id).toBe(id);
	});

	it('a run whose journal fills in the middle starts its services again', async () => {
		const state = await tinyDisk();
		const place = placeIn(state);
		const run = jetmedic(['run', 'recover', '--yes', '--json', '--no-backup'], {state});
		await run.event(({event}) => event === 'stopping', 'it stops services');
		// The page that the journal ends in has room for a few lines more: all but the last 50 bytes of it are taken.
		const [name] = readdirSync(place.runs);
		const journal = join(place.runs, name!);
		const room = page - (statSync(journal).size % page);
		appendFileSync(journal, '\n'.repeat(Math.max(0, room - 50)));
		const makeRoom = fill(state);
		expect((await run.ended()).code).toBe(1);
		expect(run.result()).toMatchObject({
			result: 'failed',
			error: expect.stringMatching(
				/^The journal cannot be written, so the run was ended: .*its disk is full\./,
			),
		});
		await expectAllRunning();
		expect(run.events.find(({event}) => event === 'restored')).toMatchObject({
			services: expect.arrayContaining(clients),
		});
		// What is on disk is still a journal, up to where the disk was full.
		const events = readJournal(journal).map(({event}) => event);
		expect(events.slice(0, 1)).toEqual(['started']);
		expect(events).toContain('stopping');
		makeRoom();
		expect((await jetmedic(['run', 'restart', '--yes'], {state}).ended()).code).toBe(0);
	});
});
