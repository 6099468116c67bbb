import {describe, expect, test} from 'vitest';
import {containers} from '../../source/ui/panes/containers.ts';
import {diagnosis} from '../../source/ui/panes/diagnosis.ts';
import {footer} from '../../source/ui/panes/footer.ts';
import {header} from '../../source/ui/panes/header.ts';
import {health} from '../../source/ui/panes/health.ts';
import {streams} from '../../source/ui/panes/streams.ts';
import {
	consumer,
	dockerDown,
	findings,
	healthy,
	incident,
	model,
	now,
	run,
	service,
	starting,
	stoppedByRun,
	stream,
} from './fixture.ts';
import {rowWith, textOf} from './text.ts';

describe('header', () => {
	const at = (state = incident(), columns = 118, readOnly = false) =>
		textOf([header(model(state, {findings, readOnly}), columns)]);

	test('says where, how it is reached, how bad it is and how long is left', () => {
		expect(at()).toMatch(/^jetmedic {2}titan on prod-1 {2}PROD {3}nats 2\.15\.1 ● 0\.8 ms {2}docker 28\.5 ●/);
		expect(at()).toMatch(/2 critical 1 warning {3}escalates in 12:31$/);
	});

	test('keeps what is wrong when it must give way', () => {
		expect(at(incident(), 78)).toMatch(/titan.+PROD.+nats ●.+2 critical 1 warning {3}escalates in 12:31$/);
	});

	test('says that the time is over, and by how much', () => {
		const late = {...incident(), incidentSince: now - (15 * 60 + 130) * 1000};
		expect(at(late)).toContain('escalate now, 02:10 over');
	});

	test('has no clock where there is no incident', () => {
		expect(at(healthy())).not.toContain('escalate');
	});

	test('says read-only', () => {
		expect(at(incident(), 118, true)).toContain('READ-ONLY');
		expect(at()).not.toContain('READ-ONLY');
	});

	test('does not flicker with the round trip', () => {
		const rtt = (rttMs: number) => {
			const state = healthy();
			return at({...state, nats: {...state.nats, connection: {...state.nats.connection, rttMs}}});
		};
		expect(rtt(0.81)).toBe(rtt(0.84));
		expect(rtt(141.2)).toBe(rtt(142.9));
		expect(rtt(0.8)).not.toBe(rtt(4));
	});

	test('shows a lost connection without an old round trip', () => {
		const state = healthy();
		const connection = {...state.nats.connection, status: 'disconnected' as const};
		const text = at({...state, nats: {...state.nats, connection}});
		expect(text).toContain('nats 2.15.1 ✖  docker');
	});
});

describe('diagnosis', () => {
	const at = (columns = 118, height = 12, found = findings, state = incident()) =>
		textOf(diagnosis(model(state, {findings: found}), columns, height));

	test('folds what follows under its cause', () => {
		const rows = at().split('\n');
		expect(rows[1]).toMatch(/^✖ TITAN_INTENTS is full: 64\.0 of 64\.0 MiB.+ {2}P purge, keep 1000$/);
		expect(rows[2]).toBe('  └ titan-brain logs "503": 48/min · brain /health: publisher failing');
		expect(rows).toHaveLength(5);
	});

	test('advises where no runbook helps', () => {
		expect(rowWith(at(), 'stalled')).toMatch(/restart titan-execution$/);
		expect(rowWith(at(), 'killed on stop')).toMatch(/^▲/);
	});

	test('gives the whole row to what has no remedy', () => {
		const [remedied, other] = findings;
		const bare = {
			...other!,
			id: 'x',
			evidence: `${'evidence '.repeat(7)}end`,
			advice: undefined,
			cause: undefined,
		};
		expect(rowWith(at(100, 12, [remedied!, bare]), 'evidence')).toMatch(/ end$/);
	});

	test('counts what does not fit', () => {
		expect(at(118, 3)).toContain('+2 more, 6 to see');
		expect(at(118, 3).split('\n')).toHaveLength(3);
	});

	test('survives findings that name each other as the cause', () => {
		const [one, two] = findings;
		const text = at(118, 12, [
			{...one!, cause: two!.id},
			{...two!, cause: one!.id},
		]);
		expect(text).toContain('TITAN_INTENTS is full');
	});

	test('says what was looked at when nothing is wrong', () => {
		expect(at(118, 12, [], healthy())).toContain(
			'● Nothing is wrong: 5 containers, 2 streams, 3 consumers, 4 endpoints',
		);
	});

	test.each([
		['a source is down', dockerDown(), /docker is unknown since 42 s: Cannot reach the Docker engine/],
		['a source is starting', starting(), /Not known yet: waiting for docker, nats, monitor/],
		['no source has spoken', {...healthy(), sources: {}}, /Not known yet: waiting for docker, nats/],
	])('never says that nothing is wrong when %s', (_name, state, words) => {
		const text = at(118, 12, [], state);
		expect(text).not.toContain('Nothing is wrong');
		expect(text).toMatch(words);
	});
});

describe('containers', () => {
	const at = (state = incident(), columns = 56) => textOf(containers(model(state), columns, 12));

	test('shows a running service with its figures', () => {
		expect(rowWith(at(), 'titan-nats')).toBe('● titan-nats       healthy    up 3d 04h   1.2 %   84 MiB');
	});

	test('shows why a service is gone', () => {
		expect(rowWith(at(), 'titan-execution')).toBe('✖ titan-execution  exited 137 12 s ago  OOM  restarts 3');
	});

	test.each([
		[{status: 'paused'} as const, /^▲ x {2}paused/],
		[{status: 'missing'} as const, /^✖ x {2}missing/],
		[{status: 'exited', exitCode: 0} as const, /^▲ x {2}exited 0/],
		[{status: 'restarting', restarts: 7} as const, /^▲ x {2}restarting .+restarts 7/],
		[{health: 'unhealthy'} as const, /^▲ x {2}unhealthy/],
		[{health: 'starting'} as const, /^○ x {2}starting/],
	])('marks %o without colour too', (change, words) => {
		const state = {...healthy(), services: {x: service('x', change)}};
		expect(at(state).split('\n')[1]).toMatch(words);
	});

	test('keeps its columns whatever the figures', () => {
		const figures = (cpuPercent: number, memoryBytes: number) => {
			const stats = {at: now, cpuPercent, memoryBytes, memoryLimitBytes: 0};
			return at({...healthy(), services: {x: service('x', {stats})}}).split('\n')[1]!.length;
		};
		expect(figures(0.1, 5)).toBe(figures(399.6, 1020 * 1024 ** 2));
	});

	test('says what the run stopped, and only while it is stopped', () => {
		expect(rowWith(at(stoppedByRun()), 'titan-brain')).toContain('stopped by this run');
		const started = {...incident(), run: run()};
		expect(rowWith(at(started), 'titan-brain')).toContain('unhealthy');
		const killed = {...stoppedByRun(), run: run({alive: false})};
		expect(rowWith(at(killed), 'titan-brain')).toContain('left stopped by a killed run');
	});

	test('is grey and says its age when Docker is down, but not at once', () => {
		expect(at(dockerDown())).toContain('(as of 42 s ago)');
		expect(at(dockerDown())).toContain('○ titan-nats');
		expect(at(dockerDown(4000))).not.toContain('as of');
	});

	test('says why there is nothing', () => {
		expect(at(starting())).toContain('starting…');
		expect(at({...dockerDown(), services: {}}, 118)).toMatch(
			/docker: Cannot reach.+permission denied {2}since 42 s/,
		);
		expect(at({...healthy(), services: {}})).toContain('no container of project titan');
	});

	test('orders the server first, then by name', () => {
		const names = at()
			.split('\n')
			.slice(1)
			.map((row) => row.split(/\s+/)[1]);
		expect(names).toEqual([
			'titan-nats',
			'titan-brain',
			'titan-execution',
			'titan-scavenger',
			'titan-sentinel',
		]);
	});

	test('shows the rows around the selected one and which they are', () => {
		const services = Object.fromEntries(
			Array.from({length: 30}, (_, index) => [`s${index + 10}`, service(`s${index + 10}`)]),
		);
		const text = textOf(
			containers(model({...healthy(), services}, {ui: {selection: {containers: 's35'}}}), 60, 6),
		);
		expect(text).toContain('s35');
		expect(text).toMatch(/CONTAINERS {2}\d+-\d+ of 30/);
	});

	test('filters', () => {
		const text = textOf(containers(model(incident(), {ui: {filters: {containers: 'brain'}}}), 60, 9));
		expect(text).toContain('filter: brain');
		expect(text.split('\n')).toHaveLength(2);
	});
});

describe('streams', () => {
	const at = (state = incident(), columns = 60) => textOf(streams(model(state), columns, 12));

	test('shows how full a stream is', () => {
		expect(rowWith(at(), 'TITAN_INTENTS')).toMatch(/1,240,112 msgs {2}████████ 100 % of {2}64 MiB$/);
		expect(rowWith(at(), 'TITAN_EVENTS')).toMatch(/18,204 msgs {2}▏░░░░░░░ {3}2 % of {3}1 GiB$/);
	});

	test('shows the lag of a consumer, its growth and what it holds', () => {
		expect(rowWith(at(), 'execution-consumer')).toMatch(/12,301 lag {3}▲840\/s {3}ack {2}1,000\/1,000$/);
		expect(rowWith(at(), 'audit')).toMatch(/0 lag {12}ack {6}3\/1,000$/);
	});

	test.each([
		[0.4, false],
		[-0.9, false],
		[3, true],
	])('a growth of %d a second shows: %s', (lagPerSecond, shows) => {
		const state = {
			...healthy(),
			streams: {S: stream('S', {consumers: {c: consumer('c', {lag: 5, lagPerSecond})}})},
		};
		expect(at(state).includes('▲')).toBe(shows);
	});

	test('says 100 % only when the limit is reached', () => {
		const of = (bytes: number) => at({...healthy(), streams: {S: stream('S', {bytes, maxBytes: 1000})}});
		expect(of(999)).toContain(' 99 % of');
		expect(of(1000)).toContain('100 % of');
	});

	test('shows the limit that is nearer, of bytes or of messages', () => {
		const of = (messages: number) =>
			at({...healthy(), streams: {S: stream('S', {bytes: 100, maxBytes: 1000, messages, maxMessages: 200})}});
		expect(of(200)).toMatch(/200 msgs {2}████████ 100 % of {5}200$/m);
		expect(of(10)).toMatch(/ 10 % of {2}1000 B$/m);
	});

	test('has no bar without a limit', () => {
		const text = at({...healthy(), streams: {S: stream('S', {bytes: 5 * 1024 ** 2, maxBytes: -1})}});
		expect(text).toContain('5 MiB, no limit');
		expect(text).not.toContain('░');
	});

	test('says what vanished', () => {
		const state = {...healthy(), streams: {S: stream('S', {present: false, at: now - 65_000})}};
		expect(at(state)).toContain('S  vanished: last seen 65 s ago');
	});

	test('keeps names, figures and shares where there is little room', () => {
		expect(rowWith(at(incident(), 38), 'TITAN_INTENTS')).toMatch(/1,240,112 msgs +100 %$/);
	});

	test('says why there is nothing', () => {
		const sources = {nats: {status: 'down', since: now - 5000, error: 'connection refused'} as const};
		expect(at({...healthy(), streams: {}, sources})).toContain('nats: connection refused  since 5 s');
		expect(at(starting())).toContain('starting…');
	});
});

describe('health', () => {
	const at = (state = incident(), columns = 38) => textOf(health(model(state), columns, 8));

	test('shows the server first, then the endpoints, then the metrics', () => {
		const rows = at().split('\n').slice(1);
		expect(rows).toEqual([
			'● nats       healthz ok         <10 ms',
			'✖ brain      nats unhealthy        2 m',
			'✖ execution  refused              12 s',
			'● sentinel   nats_lag 12,301    <10 ms',
		]);
	});

	test('never calls an old answer good', () => {
		const state = healthy();
		const old = {...state, health: {brain: {...state.health['brain']!, at: now - 61_000}}};
		expect(rowWith(at(old), 'brain')).toMatch(/^○ brain.+61 s old$/);
	});

	test('does not count milliseconds while all is well', () => {
		const state = healthy();
		const taking = (elapsedMs: number) =>
			at({...state, health: {brain: {...state.health['brain']!, elapsedMs}}});
		expect(taking(2)).toBe(taking(7));
		expect(taking(310)).toBe(taking(290));
		expect(taking(2)).not.toBe(taking(310));
	});

	test('a booting server is not down', () => {
		const state = healthy();
		const healthz = {...state.nats.healthz!, status: 'booting' as const};
		expect(at({...state, nats: {...state.nats, healthz}})).toMatch(/▲ nats +booting/);
	});
});

describe('footer', () => {
	const at = (columns: number, readOnly = false) =>
		textOf([footer(model(incident(), {findings, readOnly}), columns)]);

	test('offers the runbooks and the keys', () => {
		expect(at(118)).toBe(
			'R restart  P purge, keep 1000  F full recovery  │  tab pane  enter detail  / search  l logs  ? help  q quit',
		);
	});

	test('keeps help and quit where there is little room', () => {
		expect(at(78)).toMatch(/\? help {2}q quit$/);
	});

	test('offers nothing that changes anything where it is read-only', () => {
		expect(at(118, true)).not.toMatch(/restart|purge|recovery/);
		expect(at(118, true)).toContain('q quit');
	});
});
