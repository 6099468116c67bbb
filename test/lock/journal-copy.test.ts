import {describe, expect, it} from 'vitest';
import {beatFile, copiedJournal, copyJournal} from '../../source/lock/journal-copy.ts';
import type {JournalEvent} from '../../source/records/event.ts';
import {parseJournal} from '../../source/records/journal.ts';
import {started} from '../runbook/fixture.ts';
import {until} from '../until.ts';

const progress = (text: string): JournalEvent => ({event: 'progress', step: 'a', text, at: 1});
const finished: JournalEvent = {event: 'finished', result: 'verified', checks: [], elapsedMs: 1, at: 2};

/** A place for a copy that can be made to fail. */
function scene({
	onFailure = async () => 'rest' as const,
	everyMs = 20,
	beatMs = 40,
}: {
	onFailure?: (error: unknown) => Promise<'again' | 'rest'>;
	everyMs?: number;
	beatMs?: number;
} = {}) {
	const state = {
		files: {} as Record<string, string>,
		tries: 0,
		writes: [] as string[][],
		failure: undefined as Error | undefined,
	};
	const copy = copyJournal(
		async (files) => {
			state.tries++;
			if (state.failure) {
				throw state.failure;
			}
			state.writes.push(Object.keys(files));
			Object.assign(state.files, files);
		},
		onFailure,
		{everyMs, beatMs},
	);
	return {state, copy, events: () => parseJournal(copiedJournal(state.files))};
}

describe('the copy of a journal', () => {
	it('shows the first line at once, and the heart beats', async () => {
		const {state, copy, events} = scene({everyMs: 60_000});
		copy.add(started());
		await until('it is there', () => events().length === 1);
		await copy.close();
		const {state: idle, copy: beating} = scene();
		await until('it beats', () => Number(idle.files[beatFile]) > 2);
		await beating.close();
		expect(state.files[beatFile]).toBe('1');
	});

	it('is there with all its lines once it was flushed', async () => {
		const {copy, events} = scene({everyMs: 60_000, beatMs: 60_000});
		copy.add(started());
		const first = copy.flush();
		copy.add({event: 'stopping', services: ['titan-brain'], at: 2});
		await first;
		await copy.flush();
		expect(events().map(({event}) => event)).toEqual(['started', 'stopping']);
		await copy.close();
	});

	it('writes many lines at once, and the last ones at its end', async () => {
		const {state, copy, events} = scene({everyMs: 60_000});
		const lines = Array.from({length: 500}, (_, index) => progress(`${index}`));
		for (const line of lines) {
			copy.add(line);
		}
		copy.add(finished);
		await copy.close();
		expect(events()).toEqual([...lines, finished]);
		expect(state.writes).toHaveLength(1);
		copy.add(progress('late'));
		expect(events()).toHaveLength(501);
	});

	it('does not let wait what whoever finishes a killed run needs', async () => {
		const {copy, events} = scene({everyMs: 60_000});
		copy.add(started());
		await until('it is there', () => events().length === 1);
		copy.add(progress('a'));
		copy.add({event: 'stopping', services: ['brain'], at: 2});
		await until('they are there', () => events().length === 3);
		copy.add(progress('b'));
		copy.add({event: 'restored', services: ['brain'], at: 3});
		await until('they are there', () => events().length === 5);
		await copy.close();
	});

	it('writes only what is new of a long journal, and bounds it', async () => {
		const {state, copy, events} = scene();
		const long = progress('x'.repeat(30_000));
		for (let index = 0; index < 10; index++) {
			copy.add(long);
			await until('it is written', () => events().length === index + 1);
		}
		expect(Object.keys(state.files).length).toBe(6);
		expect(Math.max(...state.writes.map((names) => names.length))).toBeLessThanOrEqual(3);
		for (let index = 0; index < 200; index++) {
			copy.add(long);
		}
		copy.add(finished);
		await copy.close();
		expect(events().length).toBeLessThan(150);
		expect(events().at(-1)).toEqual(finished);
	});

	it('tries again what could not be written', async () => {
		const {state, copy, events} = scene();
		state.failure = new Error('no space left on device');
		copy.add(started());
		copy.add(progress('a'));
		await until('it was tried twice', () => state.tries > 1);
		expect(events()).toEqual([]);
		state.failure = undefined;
		await until('it is there', () => events().length === 2);
		await copy.close();
	});

	it('writes everything anew where its place was lost', async () => {
		const {state, copy, events} = scene({
			onFailure: async () => {
				state.failure = undefined;
				return 'again';
			},
		});
		const long = progress('x'.repeat(40_000));
		for (let index = 0; index < 4; index++) {
			copy.add(long);
		}
		await until('it is written', () => events().length === 4);
		state.files = {};
		state.failure = new Error('404');
		copy.add(finished);
		await until('all of it is there again', () => events().length === 5);
		await copy.close();
	});

	it('ends in spite of a place that can not be written', async () => {
		const {state, copy} = scene();
		state.failure = new Error('no');
		copy.add(started());
		await copy.close();
	});
});
