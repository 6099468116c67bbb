import {describe, expect, it} from 'vitest';
import {titan} from '../../../source/config/titan.ts';
import {machineClock} from '../../../source/deployment/clock.ts';
import type {RunContext} from '../../../source/runbook/context.ts';
import {pinContainers} from '../../../source/runbook/identity/pins.ts';
import {commandStep} from '../../../source/runbook/steps/command.ts';
import {restartServicesStep} from '../../../source/runbook/steps/restart-services.ts';
import {stopServicesStep} from '../../../source/runbook/steps/stop-services.ts';
import {container} from '../../state/fixture.ts';

/** A run that lost the deployment while it was not looking, and what it does all the same. */
function lost() {
	const done: string[] = [];
	const act = (name: string) => async () => void done.push(name);
	const services = [container('titan-brain')];
	const context = {
		config: titan,
		deployment: {clock: machineClock, engine: {id: async () => '', containers: async () => services}},
		control: {
			stop: act('stop'),
			restart: act('restart'),
			start: act('start'),
			unpause: act('unpause'),
			command: act('run'),
		},
		signal: new AbortController().signal,
		confirmLock: () => Promise.reject(new Error('another run has it')),
		progress() {},
		write: ({event}: {event: string}) => void done.push(event),
		memory: {},
		pins: {engine: '', containers: pinContainers(services)},
	} as unknown as RunContext;
	return {done, context, facts: {config: titan, services, at: 0, place: {}} as never};
}

describe('a run that lost the deployment', () => {
	it.each([
		['stop', stopServicesStep(['titan-brain'])],
		['restart', restartServicesStep(['titan-brain'])],
		['run', commandStep(['true'])],
	])('does not %s, nor says that it does', async (_, step) => {
		const {done, context, facts} = lost();
		await expect(step.run(context, facts)).rejects.toThrow('another run has it');
		expect(done).toEqual([]);
	});
});
