import {spawnSync} from 'node:child_process';
import {mkdirSync, readdirSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {takeEngineLock, UnplannedError} from '../../source/lock/engine-lock.ts';
import {livingHolder} from '../../source/lock/find-holder.ts';
import {fromLabels, type Holder, holderHere, toLabels} from '../../source/lock/holder.ts';
import {LockedError} from '../../source/lock/host-lock.ts';
import {UnkeptError} from '../../source/lock/kept-journal.ts';
import {stays} from '../../source/lock/run-lock.ts';
import type {JournalEvent} from '../../source/records/event.ts';
import {createJournal, readJournal} from '../../source/records/journal.ts';
import type {Place} from '../../source/records/place.ts';
import {hasProc} from '../able.ts';
import {started, tempPlace} from '../runbook/fixture.ts';
import {fakeControl, unanswered} from './fake-control.ts';

const holder = holderHere('r2', 'restart', {USER: 'ana'});
const dead: Holder = {...holder, run: 'r1', pid: spawnSync('true').pid};
const elsewhere: Holder = {...holder, run: 'r1', machine: 'another', host: 'prod-2'};
const finished: JournalEvent = {event: 'finished', result: 'verified', checks: [], elapsedMs: 1, at: 2};
const copyOf = (...events: JournalEvent[]) => ({
	'journal-0000': events.map((event) => `${JSON.stringify(event)}\n`).join(''),
});
const container = (of: Holder, ...events: JournalEvent[]) => ({
	id: 'old',
	labels: toLabels(of),
	files: events.length === 0 ? {} : copyOf(...events),
	ageMs: events.length === 0 ? undefined : 1,
});
const take = (
	{control}: ReturnType<typeof fakeControl>,
	place: Place,
	resumes?: string,
	signal = AbortSignal.timeout(5000),
) => takeEngineLock(control, 'titan', {holder, resumes}, place, signal);

describe('the lock in the engine', () => {
	it('is the run’s own where a slow engine made it after the run gave up on that', async () => {
		const engine = fakeControl((real) => ({
			async create(...args) {
				const id = await real.create(...args);
				if (id !== undefined) {
					throw unanswered();
				}
				return id;
			},
		}));
		expect(await take(engine, await tempPlace())).toMatchObject({id: 'c1', holder: {run: 'r2'}});
		const early = fakeControl((real) => ({
			// The client found it made already, and answered as for another's.
			create: async (...args) => void (await real.create(...args)),
		}));
		expect(await take(early, await tempPlace())).toMatchObject({id: 'c1'});
	});

	it('is not waited for where a container has its name that is no lock', async () => {
		const engine = fakeControl(() => ({create: async () => undefined}));
		engine.state.stranger = 'it is running, but a lock is never started';
		await expect(take(engine, await tempPlace())).rejects.toThrow(
			/container jetmedic-run-titan is not a lock: it is running.*docker rm -f jetmedic-run-titan/,
		);
	});

	it('of another process with the same run is another’s', async () => {
		const engine = fakeControl();
		engine.state.container = container({...holder, pid: process.ppid, pidStart: ''});
		await expect(take(engine, await tempPlace(), undefined, AbortSignal.timeout(600))).rejects.toThrow(
			LockedError,
		);
	});

	it('is waited for until the deadline and no longer', async () => {
		const engine = fakeControl(() => ({
			create: () => Promise.reject(unanswered()),
			read: async () => undefined,
		}));
		await expect(take(engine, await tempPlace(), undefined, AbortSignal.timeout(300))).rejects.toThrow(
			/timeout/,
		);
	});

	it('stays whose it is where the engine stops answering while it is listened to', async () => {
		const engine = fakeControl((real) => {
			let reads = 0;
			return {read: (name) => (++reads > 1 ? Promise.reject(unanswered()) : real.read(name))};
		});
		engine.state.container = container(elsewhere, started({run: 'r1'}));
		await expect(take(engine, await tempPlace(), 'r1', AbortSignal.timeout(1200))).rejects.toThrow(
			/Another run has .*too slowly to tell whether it lives.*docker rm -f jetmedic-run-titan/,
		);
		expect(engine.state.container?.id).toBe('old');
	});

	it('of a dead run keeps its journal first, whole and read-only', async () => {
		const place = await tempPlace();
		const engine = fakeControl();
		engine.state.container = container(dead, started({run: 'r1'}));
		await expect(take(engine, place)).rejects.toThrow(UnplannedError);
		expect(engine.state.container?.id).toBe('old');
		const path = join(place.runs, 'r1.jsonl');
		expect(statSync(path).mode & 0o777).toBe(0o400);
		// As a crash leaves it.
		rmSync(path);
		writeFileSync(path, '{"event":"sta');
		await expect(take(engine, place, 'r1')).resolves.toMatchObject({id: 'c1'});
		expect(readJournal(path)).toHaveLength(1);
		expect(readdirSync(place.runs)).toEqual(['r1.jsonl']);
	});

	it('of a dead run whose journal is here stays with a plan that does not finish it', async () => {
		const place = await tempPlace();
		const lines: JournalEvent[] = [
			started({run: 'r1'}),
			{event: 'stopping', services: ['titan-brain'], at: 2},
		];
		const journal = createJournal(place, 'r1');
		for (const line of lines) {
			journal.write(line);
		}
		const engine = fakeControl();
		engine.state.container = container(dead, ...lines);
		await expect(take(engine, place)).rejects.toThrow(UnplannedError);
		expect(await take(engine, place, 'r1')).toMatchObject({id: 'c1'});
		// It came to its end, and died before it could give the deployment free.
		journal.write(finished);
		journal.write({event: 'restored', services: ['titan-brain'], at: 3});
		engine.state.container = container(dead, ...lines);
		expect(await take(engine, place)).toMatchObject({id: 'c2'});
	});

	it('of a dead run stays where its journal can not be kept', async () => {
		const place = await tempPlace();
		const engine = fakeControl();
		engine.state.container = container(dead, started({run: 'r1'}));
		// A folder in the way: no file can be renamed to it, whoever runs the test.
		mkdirSync(join(place.runs, 'r1.jsonl'));
		const failed = take(engine, place, 'r1');
		await expect(failed).rejects.toThrow(UnkeptError);
		await expect(failed).rejects.toThrow(
			/only journal, which cannot be saved here\. .*runs cannot be written: .*Fix that, then start again/,
		);
		expect(engine.state.container?.id).toBe('old');
		expect(readdirSync(place.runs)).toEqual(['r1.jsonl']);
	});

	it('names the run of other records that it finishes, and those that were finished before, but no own one', async () => {
		const place = await tempPlace();
		const engine = fakeControl();
		engine.state.container = container({...dead, finishes: ['r0', 'own']}, started({run: 'r1'}));
		writeFileSync(join(place.runs, 'own.jsonl'), '');
		const {holder: taken} = await take(engine, place, 'r1');
		expect(taken.finishes).toEqual(['r0', 'r1']);
		expect(fromLabels(engine.state.container!.labels).finishes).toEqual(['r0', 'r1']);
		engine.state.container = container({...elsewhere, finishes: ['r0']}, started({run: 'r1'}), finished);
		expect((await take(engine, place)).holder.finishes).toEqual(['r0']);
		engine.state.container = undefined;
		expect((await take(engine, place, 'own')).holder.finishes).toEqual([]);
	});
});

describe('a run that ended and left services stopped', () => {
	const failed: JournalEvent[] = [
		started({run: 'r1'}),
		{event: 'stopping', services: ['a', 'b'], at: 2},
		{event: 'restored', services: ['b'], at: 3},
		{...finished, result: 'failed'},
	];

	it('keeps its container, so that every user sees it', async () => {
		const engine = fakeControl();
		engine.state.container = container({...dead, finishes: []}, ...failed);
		expect(await stays(engine.control, 'titan', {...dead, finishes: []})).toBe(true);
		engine.state.container = container({...dead, finishes: []}, ...failed.slice(0, 1), finished);
		expect(await stays(engine.control, 'titan', {...dead, finishes: []})).toBe(false);
	});

	it('is finished by the next run of whoever, and by none that does not know of it', async () => {
		const place = await tempPlace();
		const engine = fakeControl();
		engine.state.container = container(elsewhere, ...failed);
		await expect(take(engine, place)).rejects.toThrow(UnplannedError);
		expect(readJournal(join(place.runs, 'r1.jsonl'))).toHaveLength(4);
		expect((await take(engine, place, 'r1')).holder.finishes).toEqual(['r1']);
	});
});

describe('who has the deployment, by one look', () => {
	it('is no other machine’s run that was killed before its first line', () => {
		expect(livingHolder(container(elsewhere))).toBeUndefined();
		expect(livingHolder(container(elsewhere, started()))).toEqual(elsewhere);
		expect(livingHolder({...container(elsewhere, started()), ageMs: 20_000})).toBeUndefined();
		expect(livingHolder(container(elsewhere, started(), finished))).toBeUndefined();
	});

	it.skipIf(!hasProc)('is a run of this machine before its first line', () => {
		expect(livingHolder(container(holder))).toEqual(holder);
		expect(livingHolder(container(dead))).toBeUndefined();
	});
});
