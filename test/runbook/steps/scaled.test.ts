import {describe, expect, it} from 'vitest';
import {titan} from '../../../source/config/titan.ts';
import {machineClock} from '../../../source/deployment/clock.ts';
import type {JournalEvent} from '../../../source/records/event.ts';
import {toRunState} from '../../../source/records/run-state.ts';
import {containersCheck} from '../../../source/runbook/checks/containers.ts';
import type {RunContext} from '../../../source/runbook/context.ts';
import {pinContainers} from '../../../source/runbook/identity/pins.ts';
import {putBack} from '../../../source/runbook/put-back.ts';
import {restartServicesStep} from '../../../source/runbook/steps/restart-services.ts';
import {startServicesStep} from '../../../source/runbook/steps/start-services.ts';
import {stopServicesStep} from '../../../source/runbook/steps/stop-services.ts';
import {waitRunningStep} from '../../../source/runbook/steps/wait-running.ts';
import type {ContainerFacts} from '../../../source/state/observation.ts';
import type {RunState} from '../../../source/state/run.ts';
import {container} from '../../state/fixture.ts';
import {started} from '../fixture.ts';

/** A service with three containers, and what is done to each. */
function scaled(...changes: Partial<ContainerFacts>[]) {
	const done: string[] = [];
	const replicas = [0, 1, 2].map((index) =>
		container('worker', {
			containerId: `w${index + 1}`,
			containerName: `titan-worker-${index + 1}`,
			...changes[index],
		}),
	);
	const act = (name: string, status: ContainerFacts['status']) => async (id: string) => {
		done.push(`${name} ${id}`);
		Object.assign(replicas.find(({containerId}) => containerId === id)!, {status});
	};
	const context = {
		config: titan,
		deployment: {
			clock: {...machineClock, delay: async () => {}},
			engine: {id: async () => '', containers: async () => replicas},
		},
		control: {
			stop: act('stop', 'exited'),
			restart: act('restart', 'running'),
			start: act('start', 'running'),
			unpause: act('unpause', 'running'),
		},
		signal: new AbortController().signal,
		confirmLock: async () => {},
		progress() {},
		write: ({event, services, containers}: {event: string; services?: string[]; containers?: string[]}) =>
			void done.push([event, services?.join(), containers?.join()].filter(Boolean).join(' ')),
		memory: {},
		pins: {engine: '', containers: pinContainers(replicas)},
	} as unknown as RunContext;
	return {
		done,
		context,
		run: (step: {run: typeof waitStep.run}) => step.run(context, {config: titan} as never),
	};
}

const waitStep = waitRunningStep(['worker'], 200);
const acts = (done: string[]): string[] => done.filter((line) => /^(stop|restart|start|unpause) /.test(line));

describe('a scaled service', () => {
	it('is restarted container by container', async () => {
		const {done, run} = scaled();
		await run(restartServicesStep(['worker']));
		expect(acts(done)).toEqual(['restart w1', 'restart w2', 'restart w3']);
	});

	it('is stopped whole, and named once', async () => {
		const {done, run} = scaled();
		await expect(run(stopServicesStep(['worker']))).resolves.toBe('worker');
		expect(done[0]).toBe('stopping worker w1,w2,w3');
		expect(acts(done).sort()).toEqual(['stop w1', 'stop w2', 'stop w3']);
	});

	it('is started as it was: a replica that was stopped before stays stopped, and is not waited for', async () => {
		const {done, run, context} = scaled({}, {status: 'exited'}, {status: 'exited'});
		await run(stopServicesStep(['worker']));
		expect(done[0]).toBe('stopping worker w1');
		await run(startServicesStep(['worker']));
		await run(waitStep);
		expect(acts(done)).toEqual(['stop w1', 'start w1']);
		const config = {
			...titan,
			nats: {...titan.nats, service: 'worker'},
			health: [],
			metrics: [],
			logs: {...titan.logs, services: []},
		};
		const {evidence} = await containersCheck({...context, config}).test(2000);
		expect(evidence).toBe('1 running, 1 healthy by their own check');
	});

	it('is put back as it was, also by who finishes the run, and whole if its containers are gone', async () => {
		const down = {status: 'exited' as const};
		const events: JournalEvent[] = [
			started(),
			{event: 'stopping', services: ['worker'], containers: ['w2'], at: 1001},
		];
		const {stoppedContainers} = toRunState(events, false)!;
		expect(stoppedContainers).toEqual(['w2']);
		for (const [ids, starts] of [
			[stoppedContainers, ['start w2']],
			[['gone'], ['start w1', 'start w2', 'start w3']],
		] as const) {
			const {done, context} = scaled(down, down, down);
			context.memory.stoppedContainers = new Set(ids);
			await putBack(context, new Set(['worker']));
			expect(acts(done)).toEqual(starts);
		}
	});

	it('shows what is executed, and says what did not run before', () => {
		const down = {status: 'exited' as const};
		const at = (services: ContainerFacts[], stops: string[] = []) => ({
			config: titan,
			services: [...services.map(({service}) => service), 'gone'],
			containers: services,
			stops,
			toMake: {missing: ['gone'], detached: [], command: (names: readonly string[]) => `make ${names}`},
			backupFolder: '',
		});
		const named = (name: string, changes: Partial<ContainerFacts> = {}, service = 'worker') =>
			container(service, {containerId: name, containerName: name, ...changes});
		const step = startServicesStep(['worker', 'grafana', 'gone']);
		const seen = at([named('w1'), named('w2', down), named('g1', down, 'grafana')], ['worker']);
		expect(step.command?.(seen)).toBe('make gone; docker start w1 g1');
		expect(step.describe(seen)).toBe('worker, grafana, gone; of these, not running now: grafana, gone');
		// What the run does not stop is started where it does not run.
		expect(startServicesStep(['worker']).command?.(at([named('w1'), named('w2', down)]))).toBe(
			'docker start w2',
		);
		expect(startServicesStep(['worker']).command?.(at([named('w1', {status: 'paused'})]))).toBe(
			'docker unpause w1',
		);
		expect(startServicesStep(['worker']).command?.(at([named('w1')]))).toBeUndefined();
		// A job that has done its work is not done again.
		const job = named('m1', {status: 'exited', exitCode: 0, mayEnd: true});
		expect(startServicesStep(['worker']).command?.(at([job]))).toBeUndefined();
		// The killed run had stopped one of them.
		const killed = {stopped: ['worker'], stoppedContainers: ['w2']} as RunState;
		expect(startServicesStep(['worker'], killed).command?.(at([named('w1', down), named('w2', down)]))).toBe(
			'docker start w2',
		);
	});

	it('is started whole: what runs is left alone, what is paused is thawed', async () => {
		const {done, run} = scaled({status: 'exited'}, {}, {status: 'paused'});
		await run(startServicesStep(['worker']));
		expect(acts(done)).toEqual(['start w1', 'unpause w3']);
	});

	it('is not ready while one of its containers is not', async () => {
		const {run} = scaled({}, {}, {health: 'unhealthy'});
		await expect(run(waitStep)).rejects.toThrow(/worker running unhealthy/);
	});

	it('that is a job and has done its work is neither started nor waited for', async () => {
		const over = {status: 'exited' as const, exitCode: 0, mayEnd: true as const};
		const {done, run} = scaled(over, over, over);
		await run(startServicesStep(['worker']));
		await run(waitStep);
		expect(acts(done)).toEqual([]);
	});
});
