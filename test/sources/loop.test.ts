import {describe, expect, it, onTestFinished, vi} from 'vitest';
import {Backoff, pause, poll} from '../../source/sources/loop.ts';
import {until} from '../until.ts';

const tick = (ms: number): Promise<void> => pause(ms, new AbortController().signal);

describe('pause', () => {
	it('waits', async () => {
		const started = performance.now();
		await tick(30);
		expect(performance.now() - started).toBeGreaterThan(25);
	});

	it('ends at once when aborted, before or meanwhile', async () => {
		const aborter = new AbortController();
		const started = performance.now();
		const pending = pause(60_000, aborter.signal);
		aborter.abort();
		await pending;
		await pause(60_000, aborter.signal);
		expect(performance.now() - started).toBeLessThan(1000);
	});

	it('leaves no listener behind', async () => {
		const {signal} = new AbortController();
		let listeners = 0;
		const {addEventListener, removeEventListener} = signal;
		Object.assign(signal, {
			addEventListener: (...args: Parameters<typeof addEventListener>) => {
				listeners++;
				addEventListener.apply(signal, args);
			},
			removeEventListener: (...args: Parameters<typeof removeEventListener>) => {
				listeners--;
				removeEventListener.apply(signal, args);
			},
		});
		await pause(1, signal);
		expect(listeners).toBe(0);
	});
});

describe('poll', () => {
	it('never overlaps itself, however slow the work is', async () => {
		const aborter = new AbortController();
		let running = 0;
		let most = 0;
		let calls = 0;
		const ended = poll(5, aborter.signal, async () => {
			calls++;
			most = Math.max(most, ++running);
			await tick(30);
			running--;
		});
		await until('four calls', () => calls >= 4);
		aborter.abort();
		await ended;
		expect(most).toBe(1);
		expect(running).toBe(0);
	});

	it('calls at once, and then once in each interval', async () => {
		const aborter = new AbortController();
		let calls = 0;
		const started = performance.now();
		const ended = poll(100, aborter.signal, async () => {
			calls++;
		});
		expect(calls).toBe(1);
		await until('five calls', () => calls >= 5);
		aborter.abort();
		await ended;
		expect(performance.now() - started).toBeGreaterThan(290);
	});

	it('does not take a timer that fires a moment early for another turn', async () => {
		// A clock that always stands just before the next turn.
		const clock = vi.spyOn(Date, 'now').mockReturnValue(99);
		onTestFinished(() => clock.mockRestore());
		const aborter = new AbortController();
		let calls = 0;
		const started = performance.now();
		const ended = poll(100, aborter.signal, async () => {
			calls++;
		});
		await until('three calls', () => calls >= 3);
		aborter.abort();
		await ended;
		expect(performance.now() - started).toBeGreaterThan(190);
	});

	it('takes the interval that the work answers', async () => {
		const aborter = new AbortController();
		let calls = 0;
		const ended = poll(3_600_000, aborter.signal, async () => {
			calls++;
			return 20;
		});
		await until('three calls', () => calls >= 3);
		aborter.abort();
		await ended;
	});

	it('ends when aborted, and calls no more', async () => {
		const aborter = new AbortController();
		let calls = 0;
		const ended = poll(60_000, aborter.signal, async () => {
			calls++;
		});
		aborter.abort();
		await ended;
		await poll(1, aborter.signal, async () => {
			calls++;
		});
		expect(calls).toBe(1);
	});
});

describe('Backoff', () => {
	it('doubles up to its most, and begins again', () => {
		const backoff = new Backoff(100, 1000);
		const next = () => backoff.nextMs;
		expect([next(), next(), next(), next(), next(), next()]).toEqual([100, 200, 400, 800, 1000, 1000]);
		backoff.reset();
		expect([next(), next()]).toEqual([100, 200]);
	});
});
