import {describe, expect, it, test} from 'vitest';
import {consumerStart, type StartFacts, startingAfter} from '../../source/runbook/consumer-start.ts';

const facts = (given: Partial<StartFacts> = {}): StartFacts => ({
	config: {durable_name: 'c', deliver_policy: 'all'},
	retention: 'limits',
	messages: 1000,
	firstSeq: 1,
	lastSeq: 1000,
	floor: 400,
	unseenMs: 1000,
	canReset: true,
	...given,
});

describe('a consumer that is created anew', () => {
	it('is moved behind what it had acknowledged', () => {
		expect(consumerStart(facts())).toEqual({how: 'reset', after: 400, again: 0});
		expect(consumerStart(facts({config: {}}))).toEqual({how: 'reset', after: 400, again: 0});
		const byTime = {deliver_policy: 'by_start_time', opt_start_time: '2026-01-01T00:00:00Z'};
		expect(consumerStart(facts({config: byTime}))).toEqual({how: 'reset', after: 400, again: 0});
	});

	it('begins by a start sequence where the server can not move it', () => {
		expect(consumerStart(facts({canReset: false}))).toEqual({how: 'start-sequence', after: 400, again: 0});
		for (const policy of ['new', 'last', 'last_per_subject']) {
			expect(consumerStart(facts({config: {deliver_policy: policy}}))).toEqual({
				how: 'start-sequence',
				after: 400,
				again: 0,
			});
		}
	});

	it('begins as configured where nothing of the stream was acknowledged before', () => {
		const configured = {how: 'configured', again: 0};
		expect(consumerStart(facts({firstSeq: 401}))).toEqual(configured);
		expect(consumerStart(facts({floor: 0}))).toEqual(configured);
		expect(consumerStart(facts({messages: 0, firstSeq: 1001}))).toEqual(configured);
		expect(consumerStart(facts({config: {deliver_policy: 'by_start_sequence', opt_start_seq: 500}}))).toEqual(
			configured,
		);
		for (const retention of ['workqueue', 'interest']) {
			expect(consumerStart(facts({retention, floor: undefined}))).toEqual(configured);
		}
	});

	it('says how much may come again where it went long after it was last seen', () => {
		expect(consumerStart(facts({unseenMs: 3_600_000}))).toEqual({how: 'reset', after: 400, again: 600});
		expect(consumerStart(facts({unseenMs: 15_000}))).toMatchObject({again: 0});
	});

	it('says how much comes again where nobody saw where it stopped, or its stream began anew since', () => {
		expect(consumerStart(facts({floor: undefined}))).toEqual({how: 'configured', again: 1000});
		expect(consumerStart(facts({floor: 1001}))).toEqual({how: 'configured', again: 1000});
		expect(consumerStart(facts({floor: undefined, config: {deliver_policy: 'new'}}))).toEqual({
			how: 'configured',
			again: 0,
		});
	});
});

test('a start by sequence leaves no other start in the configuration', () => {
	const config = {
		deliver_policy: 'by_start_time',
		opt_start_time: '2026-01-01T00:00:00Z',
		ack_policy: 'explicit',
	};
	expect(startingAfter(config, 41)).toEqual({
		deliver_policy: 'by_start_sequence',
		opt_start_seq: 42,
		ack_policy: 'explicit',
	});
});
