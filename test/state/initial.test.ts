import {expect, test} from 'vitest';
import {titan} from '../../source/config/titan.ts';
import {initialState} from '../../source/state/initial.ts';
import {t0} from './fixture.ts';

test('names the sources that will tell, and knows nothing else', () => {
	const state = initialState({config: titan, host: 'prod-1', now: t0});
	expect(Object.keys(state.sources)).toEqual([
		'docker',
		'nats',
		'monitor',
		'health:brain',
		'health:execution',
		'metrics:sentinel',
	]);
	expect(
		Object.values(state.sources).every((source) => source.status === 'starting' && source.since === t0),
	).toBe(true);
	expect(state.services).toEqual({});
	expect(state.streamsAt).toBeUndefined();
	expect(state.nats.connection).toEqual({
		status: 'connecting',
		since: t0,
		url: 'nats://127.0.0.1:4222',
		reconnects: 0,
	});
});

test('shows no password, and no monitor where none is configured', () => {
	const nats = {...titan.nats, url: 'nats://root:hunter2@db:4222', monitor: undefined};
	const state = initialState({config: {...titan, nats}, host: 'prod-1', now: t0});
	expect(JSON.stringify(state)).not.toContain('hunter2');
	expect(state.sources).not.toHaveProperty('monitor');
});
