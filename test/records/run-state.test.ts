import {describe, expect, it} from 'vitest';
import type {JournalEvent} from '../../source/records/event.ts';
import {machineId} from '../../source/records/machine.ts';
import {processStart} from '../../source/records/process.ts';
import {toRunState} from '../../source/records/run-state.ts';
import {started} from '../runbook/fixture.ts';

const alive = started({pidStart: processStart(process.pid)});
const dead = started({pid: 2 ** 30, pidStart: '1'});
const step = (
	id: string,
	status: 'running' | 'done' | 'failed' | 'skipped',
	at: number,
	text?: string,
): JournalEvent => ({event: 'step', step: id, status, at, text});
const stopping = (at: number, ...services: string[]): JournalEvent => ({event: 'stopping', services, at});
const restored = (at: number, ...services: string[]): JournalEvent => ({event: 'restored', services, at});
const statusOf = (events: JournalEvent[]) => toRunState(events)?.steps.map(({status}) => status);

describe('toRunState', () => {
	it('is nothing before the first line', () => {
		expect(toRunState([])).toBeUndefined();
		expect(toRunState([step('stop', 'running', 1)])).toBeUndefined();
	});

	it('begins with what is planned', () => {
		expect(toRunState([alive])).toMatchObject({
			id: '20261123T140311-000-recover-1',
			runbook: 'recover',
			user: 'ana',
			origin: 'ssh from 10.0.0.7',
			startedAt: 1000,
			at: 1000,
			alive: true,
			stopped: [],
			ifStopped: 'nothing is left stopped.',
		});
		expect(statusOf([alive])).toEqual(['waiting', 'waiting', 'waiting', 'waiting']);
	});

	it('of another machine lives as long as others say so: its process id means nothing here', () => {
		const remote = {...alive, machine: 'another boot pid:[1]'};
		expect(toRunState([remote])).toMatchObject({remote: true, alive: false});
		expect(toRunState([remote], true)).toMatchObject({remote: true, alive: true});
		expect(toRunState([{...alive, machine: machineId()}])).toMatchObject({alive: true});
		expect(toRunState([{...alive, machine: machineId()}])).not.toHaveProperty('remote');
		expect(toRunState([alive], false)).toMatchObject({alive: false});
	});

	it('keeps what to know of it', () => {
		expect(toRunState([alive, {event: 'note', text: 'Other hosts are not kept out.', at: 2}])).toMatchObject({
			note: 'Other hosts are not kept out.',
		});
	});

	it('follows the steps', () => {
		const events = [
			alive,
			step('preflight', 'running', 1010),
			step('preflight', 'done', 1020, '5 of 5 checks'),
			step('stop', 'running', 1030),
			{event: 'progress', step: 'stop', text: '1 of 2', fraction: 0.5, at: 1040} as const,
		];
		const run = toRunState(events);
		expect(statusOf(events)).toEqual(['done', 'running', 'waiting', 'waiting']);
		expect(run?.at).toBe(1040);
		expect(run?.steps[0]).toMatchObject({text: '5 of 5 checks', startedAt: 1010, endedAt: 1020});
		expect(run?.steps[1]).toMatchObject({progress: '1 of 2', fraction: 0.5, startedAt: 1030});
		expect(toRunState([...events, step('stop', 'failed', 1050)])?.steps[1]).toMatchObject({
			status: 'failed',
			progress: undefined,
			fraction: undefined,
		});
	});

	it('keeps account of what is stopped', () => {
		const events = [alive, stopping(1, 'a', 'b'), stopping(2, 'b', 'c'), restored(3, 'a', 'c', 'other')];
		expect(toRunState(events.slice(0, 2))).toMatchObject({
			stopped: ['a', 'b'],
			ifStopped: 'a, b will be started again.',
		});
		expect(toRunState(events)?.stopped).toEqual(['b']);
	});

	it('keeps account of the containers that ran, until all is started again', () => {
		const withIds: JournalEvent = {event: 'stopping', services: ['a', 'b'], containers: ['a1', 'b2'], at: 1};
		expect(toRunState([dead, withIds, restored(2, 'a')])?.stoppedContainers).toEqual(['a1', 'b2']);
		expect(toRunState([dead, withIds, restored(2, 'a', 'b')])).not.toHaveProperty('stoppedContainers');
		expect(toRunState([dead, stopping(1, 'a')])).not.toHaveProperty('stoppedContainers');
	});

	it('tells a run that was killed, and what it left stopped', () => {
		expect(toRunState([dead, step('stop', 'running', 1), stopping(2, 'a', 'b')])).toMatchObject({
			alive: false,
			stopped: ['a', 'b'],
		});
		expect(toRunState([dead, stopping(1, 'a'), restored(2, 'a')])).toMatchObject({alive: false, stopped: []});
	});

	it('takes another process with the same pid for none', () => {
		expect(toRunState([started({pid: process.pid, pidStart: '1'})])?.alive).toBe(
			process.platform !== 'linux',
		);
	});

	it('ends with its result', () => {
		const checks = [{name: '/healthz ok', ok: true, evidence: 'ok'}];
		const events: JournalEvent[] = [
			alive,
			step('verify', 'running', 1005),
			{event: 'lost', text: '5 messages', at: 1006},
			{event: 'finished', result: 'failed', checks, elapsedMs: 9, error: 'why', at: 1009},
		];
		expect(toRunState(events)).toMatchObject({
			alive: false,
			result: 'failed',
			error: 'why',
			lost: '5 messages',
			endedAt: 1009,
			checks,
		});
		expect(toRunState(events)).not.toHaveProperty('ifStopped');
		// A step that was under way did not get to its end.
		expect(statusOf(events)).toEqual(['waiting', 'waiting', 'waiting', 'failed']);
	});

	it('takes as long as it took, however the wall clock was set meanwhile', () => {
		const hour = 3_600_000;
		const back = 1000 - hour;
		const events: JournalEvent[] = [
			alive,
			step('stop', 'running', 1100),
			step('stop', 'done', back),
			{event: 'finished', result: 'verified', checks: [], elapsedMs: 5520, at: back + 5000},
		];
		expect(toRunState(events)).toMatchObject({startedAt: 1000, endedAt: 6520});
		expect(toRunState(events)?.steps[1]).toMatchObject({startedAt: 1100, endedAt: 1100});
		const forward = {...events.at(-1)!, at: 1000 + hour};
		expect(toRunState([alive, forward])).toMatchObject({endedAt: 6520});
	});

	it('leaves nothing to start that cannot be a service, and says so', () => {
		const run = toRunState([dead, stopping(1001, '--scale=titan-nats=0', 'a', '../x')]);
		expect(run).toMatchObject({stopped: ['a']});
		expect(run?.note).toContain('--scale=titan-nats=0, ../x');
	});

	it('keeps the newest word of each check', () => {
		const check = (ok: boolean, at: number): JournalEvent => ({
			event: 'check',
			name: 'c',
			ok,
			evidence: `${ok}`,
			ms: 40,
			at,
		});
		expect(toRunState([alive, check(false, 1010), check(true, 1500)])?.checks).toEqual([
			{name: 'c', ok: true, evidence: 'true', ms: 40},
		]);
	});

	it('stands lines of a later version, and of steps that it does not know', () => {
		const events = [
			alive,
			{event: 'novelty', at: 1005} as unknown as JournalEvent,
			step('unknown', 'done', 1006),
		];
		expect(toRunState(events)).toMatchObject({alive: true, at: 1006});
	});
});
