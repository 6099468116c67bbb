import {describe, expect, it} from 'vitest';
import {toRunState} from '../../source/records/run-state.ts';
import {newer} from '../../source/sources/runs.ts';
import {started} from '../runbook/fixture.ts';

const killed = toRunState([started({run: 'r1', at: 5000})], false)!;
const later = toRunState([
	// The other host's clock is behind.
	started({run: 'r2', at: 1000}),
	{event: 'finished', result: 'verified', checks: [], elapsedMs: 1, at: 2000},
])!;

describe('the run that matters', () => {
	it('is no killed run that another host finished since, or one before it there', () => {
		expect(newer(killed, {run: later, size: 1, finishes: ['r0', 'r1']})?.id).toBe('r2');
		expect(newer(killed, {run: later, size: 1, finishes: []})?.id).toBe('r1');
	});

	it('is the own one that goes on', () => {
		const live = {...killed, alive: true};
		expect(newer(live, {run: later, size: 1, finishes: ['r1']})?.id).toBe('r1');
	});
});
