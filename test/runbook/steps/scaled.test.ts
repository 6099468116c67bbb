import {describe, expect, it} from 'vitest';
import {titan} from '../../../source/config/titan.ts';
import {machineClock} from '../../../source/deployment/clock.ts';
import type {RunContext} from '../../../source/runbook/context.ts';
import {pinContainers} from '../../../source/runbook/identity/pins.ts';
import {restartServicesStep} from '../../../source/runbook/steps/restart-services.ts';
import {startServicesStep} from '../../../source/runbook/steps/start-services.ts';
import {stopServicesStep} from '../../../source/runbook/steps/stop-services.ts';
import {waitRunningStep} from '../../../source/runbook/steps/wait-running.ts';
import type {ContainerFacts} from '../../../source/state/observation.ts';
import {container} from '../../state/fixture.ts';

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
		deployment: {clock: machineClock, engine: {id: async () => '', containers: async () => replicas}},
		control: {
			stop: act('stop', 'exited'),
			restart: act('restart', 'running'),
			start: act('start', 'running'),
			unpause: act('unpause', 'running'),
		},
		signal: new AbortController().signal,
		confirmLock: async () => {},
		progress() {},
		write: ({event, services}: {event: string; services?: string[]}) =>
			void done.push(`${event} ${services?.join()}`),
		memory: {},
		pins: {engine: '', containers: pinContainers(replicas)},
	} as unknown as RunContext;
	return {done, run: (step: {run: typeof waitStep.run}) => step.run(context, {config: titan} as never)};
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
		expect(done[0]).toBe('stopping worker');
		expect(acts(done).sort()).toEqual(['stop w1', 'stop w2', 'stop w3']);
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
});
