import parse from 'parse-prometheus-text-format';
import {describe, expect, test} from 'vitest';
import type {Checked} from '../../source/commands/check-formats/checked.ts';
import {checkFormats} from '../../source/commands/check-formats/formats.ts';
import type {Finding} from '../../source/diagnosis/finding.ts';
import {overallStatus} from '../../source/diagnosis/status.ts';
import {config, consumer, now, observe, start, stream, streams, well} from '../state/fixture.ts';

const finding = (changes: Partial<Finding> = {}): Finding => ({
	id: 'stream-full:TITAN_INTENTS',
	severity: 'critical',
	title: 'TITAN_INTENTS is full',
	evidence: '64.0 of 64.0 MiB',
	runbook: 'purge',
	since: now - 12_000,
	sinceMs: 12_000,
	...changes,
});
const effect = finding({
	id: 'health-unhealthy:brain',
	title: 'titan-brain reports "a|b"\\',
	runbook: undefined,
	cause: 'stream-full:TITAN_INTENTS',
});
const checked = (findings: Finding[] = [], state = well()): Checked => ({
	state,
	findings,
	status: overallStatus(state, findings),
	config,
	source: 'built-in',
});

describe('nagios', () => {
	const {nagios} = checkFormats;

	test('has the status and the figures in the first line', () => {
		expect(nagios(checked())).toBe(
			'JETMEDIC OK - titan: 5 of 5 containers running | critical=0;;;0; warning=0;;;0; unknown=0;;;0; containers=5;;;0;5 messages=5000;;;0; bytes=5242880B;50331648;60397977;0;67108864 lag=0;1000;10000;0; ack_pending=3;;;0;\n',
		);
	});

	test('has the worst finding first, and one bar alone', () => {
		const lines = nagios(checked([finding(), effect]))
			.trimEnd()
			.split('\n');
		expect(lines[0]).toMatch(
			/^JETMEDIC CRITICAL - titan: TITAN_INTENTS is full: 64\.0 of 64\.0 MiB \| critical=1;;;0; /,
		);
		expect(lines.slice(1)).toEqual([
			'CRITICAL: TITAN_INTENTS is full: 64.0 of 64.0 MiB, jetmedic run purge',
			'CRITICAL: titan-brain reports "a/b"\\: 64.0 of 64.0 MiB',
		]);
		expect(lines.join('\n').match(/\|/g)).toHaveLength(1);
	});

	test('leaves out what is not known', () => {
		const text = nagios(checked([], start()));
		expect(text).toMatch(
			/^JETMEDIC UNKNOWN - titan: 0 of 0 containers running, not read: docker, nats, monitor and 3 more \| /,
		);
		expect(text).not.toContain('lag=');
	});
});

describe('prometheus', () => {
	const values = (findings: Finding[], state = well()) =>
		Object.fromEntries(
			parse(checkFormats.prometheus(checked(findings, state))).map(({name, metrics}) => [name, metrics]),
		);

	test('is what a scraper can read', () => {
		const read = values([finding(), effect]);
		expect(read['jetmedic_status']).toEqual([{value: '2', labels: {deployment: 'titan'}}]);
		expect(read['jetmedic_finding_age_seconds']).toEqual([
			{
				value: '12',
				labels: {
					deployment: 'titan',
					id: 'stream-full:TITAN_INTENTS',
					severity: 'critical',
					runbook: 'purge',
				},
			},
			expect.objectContaining({labels: expect.objectContaining({cause: 'stream-full:TITAN_INTENTS'})}),
		]);
		expect(read['jetmedic_consumer_lag_messages']).toEqual([
			{value: '0', labels: {deployment: 'titan', stream: 'TITAN_INTENTS', consumer: 'execution-consumer'}},
		]);
		expect(read['jetmedic_container_running']).toHaveLength(5);
	});

	test('quotes what is hostile in a label', () => {
		const text = checkFormats.prometheus(checked([{...effect, id: 'log-signature:a/"b"\\'}]));
		expect(text).toContain('id="log-signature:a/\\"b\\"\\\\"');
		expect(
			text.split('\n').every((line) => line === '' || /^(# |jetmedic_\w+\{.*\} [\d.]+$)/.test(line)),
		).toBe(true);
	});

	test('tells of 200 streams at most, the largest', () => {
		const many = Array.from({length: 300}, (_, index) =>
			stream({name: `S${index}`, bytes: index, consumers: [consumer()]}),
		);
		const read = values([], observe(well(), streams(now, ...many)));
		expect(read['jetmedic_stream_bytes']).toHaveLength(200);
		expect(JSON.stringify(read['jetmedic_stream_bytes'])).toContain('"S299"');
	});
});

test('human: a line of all, the cause above what follows from it', () => {
	expect(checkFormats.human(checked([finding(), effect]))).toBe(
		[
			'CRITICAL titan: 5 of 5 containers running, 1 stream',
			'CRITICAL TITAN_INTENTS is full: 64.0 of 64.0 MiB  →  jetmedic run purge',
			'  └ CRITICAL titan-brain reports "a|b"\\: 64.0 of 64.0 MiB',
			'',
		].join('\n'),
	);
});

test('json: what must not be done stands beside the finding', () => {
	const {findings} = JSON.parse(checkFormats.json(checked([finding()])));
	expect(findings[0]).toMatchObject({id: 'stream-full:TITAN_INTENTS', avoid: /^Do not restart/});
});
