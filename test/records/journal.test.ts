import {appendFileSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import type {JournalEvent} from '../../source/records/event.ts';
import {createJournal, listJournals, readJournal, runId} from '../../source/records/journal.ts';
import {newestRun} from '../../source/sources/runs.ts';
import {started, tempPlace} from '../runbook/fixture.ts';

const lost = (text: string, at = 5): JournalEvent => ({event: 'lost', text, at});

describe('the journal', () => {
	it('has each line on disk when it was written', async () => {
		const journal = createJournal(await tempPlace(), 'a');
		const events = [started(), lost('größe 日本 zwei'), lost('x'.repeat(1900))];
		for (const [index, event] of events.entries()) {
			journal.write(event);
			expect(readJournal(journal.path)).toEqual(events.slice(0, index + 1));
		}
		journal.close();
	});

	it('can be read by its owner alone', async () => {
		const place = await tempPlace();
		createJournal(place, 'a').close();
		expect(statSync(join(place.runs, 'a.jsonl')).mode & 0o777).toBe(0o600);
		expect(statSync(place.runs).mode & 0o777).toBe(0o700);
		expect(statSync(place.root).mode & 0o777).toBe(0o700);
	});

	it('is never written over', async () => {
		const place = await tempPlace();
		const journal = createJournal(place, 'a');
		journal.write(started());
		journal.close();
		expect(() => createJournal(place, 'a')).toThrow('EEXIST');
		expect(readJournal(journal.path)).toHaveLength(1);
	});

	it('is read up to a last line that a crash has cut, wherever', async () => {
		const place = await tempPlace();
		const path = join(place.runs, 'a.jsonl');
		const last = Buffer.from(JSON.stringify(lost('größe')));
		for (let length = 0; length < last.length; length++) {
			writeFileSync(path, `${JSON.stringify(started())}\n`);
			appendFileSync(path, last.subarray(0, length));
			expect(readJournal(path)).toEqual([started()]);
		}
	});

	it('is read around lines that are none', async () => {
		const path = join((await tempPlace()).runs, 'a.jsonl');
		writeFileSync(
			path,
			`${JSON.stringify(started())}\nnull\n5\n[]\n{"at":5}\n{"event":7}\n\n${JSON.stringify(lost('x'))}\n`,
		);
		expect(readJournal(path)).toEqual([started(), lost('x')]);
	});

	it.each([
		'cannot use nats://ana:hunter2@host:4222',
		'the server said: token="hunter2", try again',
		"password='hunter2'",
		'Authorization: Bearer hunter2',
		'{"password":"hunter2"}',
	])('holds no secret: %s', async (text) => {
		const journal = createJournal(await tempPlace(), 'a');
		journal.write(lost(text));
		journal.write({event: 'check', name: 'c', ok: false, evidence: text, at: 1});
		journal.write({
			event: 'finished',
			result: 'failed',
			checks: [{name: 'c', ok: false, evidence: text}],
			elapsedMs: 1,
			at: 2,
		});
		journal.close();
		expect(readFileSync(journal.path, 'utf8')).not.toContain('hunter2');
		// What is left is still a journal.
		expect(readJournal(journal.path).map(({event}) => event)).toEqual(['lost', 'check', 'finished']);
	});

	it('lists runs oldest first, and the newest is the run', async () => {
		const place = await tempPlace();
		expect(newestRun(place)).toBeUndefined();
		const ids = [Date.UTC(2026, 0, 2), Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 2) + 1].map((at) =>
			runId('purge', at),
		);
		expect(new Set(ids).size).toBe(3);
		for (const id of ids) {
			const journal = createJournal(place, id);
			journal.write(started({run: id}));
			journal.close();
		}
		writeFileSync(join(place.runs, 'zzz.txt'), '');
		expect(listJournals(place)).toEqual(
			[ids[1], ids[0], ids[2]].map((id) => join(place.runs, `${id}.jsonl`)),
		);
		expect(newestRun(place)?.id).toBe(ids[2]);
	});

	it.each(['', '{"event":"started","run":"to'])(
		'tells of the run before one that was killed in its first line: %j',
		async (line) => {
			const place = await tempPlace();
			const [killed, begun] = [1, 2].map((day) => runId('recover', Date.UTC(2026, 0, day)));
			const journal = createJournal(place, killed!);
			journal.write(started({run: killed!}));
			journal.write({event: 'stopping', services: ['titan-brain'], at: 2});
			journal.close();
			writeFileSync(join(place.runs, `${begun}.jsonl`), line);
			expect(newestRun(place)).toMatchObject({id: killed, stopped: ['titan-brain']});
		},
	);

	it('of a place that is not there is none', async () => {
		const place = await tempPlace();
		expect(listJournals({...place, runs: join(place.root, 'none')})).toEqual([]);
	});
});
