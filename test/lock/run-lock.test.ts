import {describe, expect, it, onTestFinished} from 'vitest';
import {holderHere, toLabels} from '../../source/lock/holder.ts';
import {copiedJournal} from '../../source/lock/journal-copy.ts';
import {keep} from '../../source/lock/run-lock.ts';
import {parseJournal} from '../../source/records/journal.ts';
import {started} from '../runbook/fixture.ts';
import {until} from '../until.ts';
import {fakeControl, unanswered} from './fake-control.ts';

const holder = holderHere('r1', 'restart', {USER: 'ana'});
const other = {id: 'other', labels: toLabels({...holder, run: 'r2', pid: 1}), files: {}, ageMs: 1};

/** A run that has the lock, with its first line copied. */
async function kept(engine = fakeControl()) {
	const id = await engine.control.create('jetmedic-run-titan', 'titan', toLabels(holder));
	const lock = keep(engine.control, id!, 'titan', holder);
	onTestFinished(() => lock.copy.close());
	lock.copy.add(started({run: 'r1'}));
	const events = () => parseJournal(copiedJournal(engine.state.container?.files ?? {}));
	await until('it is copied', () => events().length === 1);
	return {...engine, lock, events};
}

describe('the lock of a run', () => {
	it('is confirmed while its container stands, and made again with the whole journal where it is gone', async () => {
		const {state, lock, events} = await kept();
		await lock.confirm();
		state.container = undefined;
		await lock.confirm();
		expect(state.container).toMatchObject({id: 'c2'});
		lock.copy.add({event: 'note', text: 'a', at: 2});
		await until('all of it is there', () => events().length === 2);
		expect(lock.lost.aborted).toBe(false);
	});

	it('is lost at once where another run has the deployment', async () => {
		const {state, lock} = await kept();
		state.container = other;
		await expect(lock.confirm()).rejects.toThrow(/another run took the deployment.*restart by /);
		expect(lock.lost.aborted).toBe(true);
		expect(state.container).toBe(other);
	});

	it('is not lost to a container of its own, which a slow engine made late', async () => {
		const engine = fakeControl((real) => ({
			async create(...args) {
				const id = await real.create(...args);
				if (id === 'c2') {
					throw unanswered();
				}
				return id;
			},
		}));
		const {state, lock, events} = await kept(engine);
		state.container = undefined;
		lock.copy.add({event: 'note', text: 'a', at: 2});
		await until('all of it is there', () => events().length === 2);
		expect(lock.lost.aborted).toBe(false);
		expect(lock.id()).toBe('c2');
	});

	it('is not confirmed where the engine does not answer', async () => {
		let isSlow = false;
		const {lock} = await kept(
			fakeControl((real) => ({
				find: (name) => (isSlow ? Promise.reject(unanswered()) : real.find(name)),
			})),
		);
		isSlow = true;
		await expect(lock.confirm()).rejects.toThrow(/Could not confirm that this run still holds the lock/);
		expect(lock.lost.aborted).toBe(false);
	});

	it('that nobody has and that can not be made again stops no run', async () => {
		let isFull = false;
		const {state, lock} = await kept(
			fakeControl((real) => ({
				create: (...args) => (isFull ? Promise.reject(new Error('no space left')) : real.create(...args)),
			})),
		);
		isFull = true;
		state.container = undefined;
		await lock.confirm();
	});
});
