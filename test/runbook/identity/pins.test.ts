import {describe, expect, it} from 'vitest';
import {
	otherContainer,
	otherCreated,
	otherEngine,
	otherThings,
	type Pins,
	pinContainers,
} from '../../../source/runbook/identity/pins.ts';

const one = (service: string, containerId: string) => ({service, containerId});
const pins: Pins = {
	engine: 'ABCDEFGHIJKLMNOP',
	containers: pinContainers([one('api', 'aaaaaaaaaaaaaaaa'), one('web', 'w2'), one('web', 'w1')]),
	stream: {name: 'ORDERS', created: '2026-11-01T00:00:00Z'},
};

describe('what a plan was made of', () => {
	it('is the same while it is the same, in whatever order it is listed', () => {
		const now = [one('web', 'w1'), one('api', 'aaaaaaaaaaaaaaaa'), one('web', 'w2')];
		expect(otherContainer(pins, now, ['api', 'web'])).toBeUndefined();
		expect(otherEngine(pins, pins.engine)).toBeUndefined();
		expect(otherCreated(pins.stream, {...pins.stream!})).toBeUndefined();
		expect(otherThings(pins, structuredClone(pins))).toEqual([]);
	});

	it.each([
		[
			'replaced',
			[one('api', 'bbbbbbbbbbbbbbbb')],
			'api is another container: it was aaaaaaaaaaaa in the plan and is bbbbbbbbbbbb now.',
		],
		[
			'doubled',
			[one('api', 'aaaaaaaaaaaaaaaa'), one('api', 'x')],
			'api is another container: it was aaaaaaaaaaaa in the plan and is aaaaaaaaaaaa and x now.',
		],
		['removed', [], 'api is another container: it was aaaaaaaaaaaa in the plan and is missing now.'],
	])('says both names of a container that was %s', (_, now, sentence) => {
		expect(otherContainer(pins, now, ['api'])).toBe(sentence);
	});

	it('says when a container appeared that the plan did not have', () => {
		expect(otherContainer(pins, [one('new', 'nnn')], ['new'])).toBe(
			'new is another container: it was missing in the plan and is nnn now.',
		);
	});

	it('does not look at services that are not touched', () => {
		expect(otherContainer(pins, [one('api', 'aaaaaaaaaaaaaaaa')], ['api'])).toBeUndefined();
	});

	it('says when the engine is another one, also one without an ID', () => {
		expect(otherEngine(pins, 'ZZZZ')).toBe(
			'The engine is another one: it was ABCDEFGHIJKL in the plan and is ZZZZ now.',
		);
		expect(otherEngine(pins, '')).toMatch(/without an ID now/);
	});

	it('says when a stream was deleted and created again, or was not there', () => {
		const now = {name: 'ORDERS', created: '2026-11-02T00:00:00Z'};
		expect(otherCreated(pins.stream, now)).toBe(
			'ORDERS is another one: it was created at 2026-11-01T00:00:00Z in the plan and at 2026-11-02T00:00:00Z now.',
		);
		expect(otherCreated({name: 'ORDERS', created: ''}, now)).toMatch(/was created after the plan was made/);
		expect(otherCreated(undefined, now)).toBeUndefined();
		expect(otherCreated(pins.stream, {name: 'ORDERS', created: ''})).toBeUndefined();
	});

	it('lists everything that differs', () => {
		const now: Pins = {
			engine: 'E2',
			containers: {api: ['x'], web: ['w1', 'w2']},
			stream: {name: 'ORDERS', created: 'later'},
		};
		expect(otherThings(pins, now)).toHaveLength(3);
	});
});
