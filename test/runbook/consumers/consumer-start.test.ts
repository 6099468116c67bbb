import {describe, expect, it, test} from 'vitest';
import {isOfRun, markOf, withMark} from '../../../source/clients/nats/move-mark.ts';
import type {LastSeen} from '../../../source/records/last-seen.ts';
import {
	consumerStart,
	type StartFacts,
	startingAfter,
} from '../../../source/runbook/consumers/consumer-start.ts';

const seen = (given: Partial<LastSeen> = {}): LastSeen => ({
	floor: 400,
	processed: 0,
	unseenMs: 1000,
	...given,
});
const start = (given: Partial<StartFacts> = {}) =>
	consumerStart({
		config: {durable_name: 'c', deliver_policy: 'all'},
		retention: 'limits',
		messages: 1000,
		firstSeq: 1,
		lastSeq: 1000,
		seen: seen(),
		canReset: true,
		mayChangePolicy: true,
		...given,
	});

describe('a consumer that is created anew', () => {
	it('is moved behind what it had acknowledged', () => {
		expect(start()).toEqual({how: 'reset', after: 400, again: 0});
		expect(start({config: {}})).toEqual({how: 'reset', after: 400, again: 0});
		const byTime = {deliver_policy: 'by_start_time', opt_start_time: '2026-01-01T00:00:00Z'};
		expect(start({config: byTime})).toEqual({how: 'reset', after: 400, again: 0});
		// What others have not acknowledged is still there in an interest stream.
		expect(start({retention: 'interest'})).toEqual({how: 'reset', after: 400, again: 0});
	});

	it('begins by a start sequence where the server can not move it', () => {
		expect(start({canReset: false})).toEqual({how: 'start-sequence', after: 400, again: 0});
		for (const policy of ['new', 'last', 'last_per_subject']) {
			expect(start({config: {deliver_policy: policy}})).toEqual({
				how: 'start-sequence',
				after: 400,
				again: 0,
			});
		}
	});

	it('begins as configured where its policy may not be changed, and says what comes again', () => {
		expect(start({canReset: false, mayChangePolicy: false})).toEqual({how: 'configured', again: 1000});
		expect(start({canReset: true, mayChangePolicy: false}).how).toBe('reset');
	});

	it('begins as configured where nothing of the stream was acknowledged before', () => {
		const configured = {how: 'configured', again: 0};
		expect(start({firstSeq: 401})).toEqual(configured);
		expect(start({seen: seen({floor: 0})})).toEqual(configured);
		expect(start({messages: 0, firstSeq: 1001})).toEqual(configured);
		expect(start({config: {deliver_policy: 'by_start_sequence', opt_start_seq: 500}})).toEqual(configured);
		expect(start({retention: 'workqueue', seen: undefined})).toEqual(configured);
	});

	it('says how much may come again: what was acknowledged beyond the floor, or since it was seen', () => {
		expect(start({seen: seen({processed: 30})})).toEqual({how: 'reset', after: 400, again: 30});
		expect(start({seen: seen({unseenMs: 3_600_000})})).toEqual({how: 'reset', after: 400, again: 600});
		expect(start({seen: seen({unseenMs: 15_000})}).again).toBe(0);
		expect(start({messages: 100, seen: seen({unseenMs: 3_600_000})}).again).toBe(100);
	});

	it('says how much comes again where nobody saw where it stopped, or its stream began anew since', () => {
		expect(start({seen: undefined})).toEqual({how: 'configured', again: 1000});
		expect(start({seen: seen({floor: 1001})})).toEqual({how: 'configured', again: 1000});
		expect(start({seen: undefined, config: {deliver_policy: 'new'}})).toEqual({how: 'configured', again: 0});
	});
});

test('a start by sequence leaves no other start in the configuration, and says that it is not its own', () => {
	const config = {
		deliver_policy: 'by_start_time',
		opt_start_time: '2026-01-01T00:00:00Z',
		ack_policy: 'explicit',
		metadata: {team: 'a'},
	};
	const made = startingAfter(config, 41);
	expect(made).toEqual({
		deliver_policy: 'by_start_sequence',
		opt_start_seq: 42,
		ack_policy: 'explicit',
		metadata: {team: 'a', 'jetmedic.begins': 'after 41'},
	});
	expect(isOfRun(made)).toBe(true);
	expect(isOfRun(config)).toBe(false);
});

test('a consumer that is being moved carries where it belongs', () => {
	const config = withMark({durable_name: 'c', metadata: {team: 'a'}}, 41);
	expect(config).toEqual({durable_name: 'c', metadata: {team: 'a', 'jetmedic.after': '41'}});
	expect(markOf(config['metadata'] as Record<string, string>)).toBe(41);
	const none: (Record<string, string> | undefined)[] = [
		undefined,
		{},
		{'jetmedic.after': 'x'},
		{'jetmedic.after': '-1'},
	];
	for (const metadata of none) {
		expect(markOf(metadata)).toBeUndefined();
	}
});
