import {describe, expect, it} from 'vitest';
import {titan} from '../../../source/config/titan.ts';
import {machineClock} from '../../../source/deployment/clock.ts';
import type {RunContext} from '../../../source/runbook/context.ts';
import {confirmConsumer, confirmStream} from '../../../source/runbook/identity/confirm.ts';
import {pinContainers} from '../../../source/runbook/identity/pins.ts';
import {restartServicesStep} from '../../../source/runbook/steps/restart-services.ts';
import {startServicesStep} from '../../../source/runbook/steps/start-services.ts';
import {stopServicesStep} from '../../../source/runbook/steps/stop-services.ts';
import type {ContainerFacts} from '../../../source/state/observation.ts';
import {container} from '../../state/fixture.ts';

/** A run whose plan was made of one thing, and that finds another one. */
function replaced(change: {engine?: string; now?: ContainerFacts[]}) {
	const done: string[] = [];
	const act = (name: string) => async () => void done.push(name);
	const planned = [container('titan-brain', {containerId: 'planned', status: 'paused'})];
	const context = {
		config: titan,
		deployment: {
			clock: machineClock,
			engine: {id: async () => change.engine ?? 'engine', containers: async () => change.now ?? planned},
		},
		control: {stop: act('stop'), restart: act('restart'), start: act('start'), unpause: act('unpause')},
		signal: new AbortController().signal,
		confirmLock: async () => {},
		progress() {},
		write: ({event}: {event: string}) => void done.push(event),
		memory: {},
		pins: {engine: 'engine', containers: pinContainers(planned)},
	} as unknown as RunContext;
	return {done, context};
}

const other = container('titan-brain', {containerId: 'another', status: 'paused'});
const twice = [container('titan-brain', {containerId: 'planned', status: 'paused'}), other];

describe('a run that finds another thing than its plan', () => {
	for (const [what, step] of [
		['stop', stopServicesStep(['titan-brain'])],
		['restart', restartServicesStep(['titan-brain'])],
		['start', startServicesStep(['titan-brain'])],
	] as const) {
		it.each([
			['a container that was replaced', {now: [other]}, /it was planned in the plan and is another now/],
			['a second container for the service', {now: twice}, /is another and planned now/],
			['another engine', {engine: 'elsewhere'}, /The engine is another one/],
		])(`does not ${what}: %s`, async (_, change, sentence) => {
			const {done, context} = replaced(change);
			const run = step.run(context, {config: titan, services: ['titan-brain']} as never);
			await expect(run).rejects.toThrow(sentence);
			expect(done).toEqual([]);
		});
	}

	const created = (stream: string, consumer: string | undefined) => ({
		stream: async () => ({created: stream}),
		consumer: async () => ({created: consumer}),
	});

	it('does not touch a stream that was deleted and created again', async () => {
		const {context} = replaced({});
		context.pins.stream = {name: titan.stream, created: 'then'};
		await confirmStream(context, created('then', undefined) as never);
		await expect(confirmStream(context, created('now', undefined) as never)).rejects.toThrow(
			/TITAN_INTENTS is another one: it was created at then in the plan and at now now\. Nothing more was/,
		);
	});

	it('does not move a consumer that was deleted and created again', async () => {
		const {context} = replaced({});
		context.pins.stream = {name: titan.stream, created: 'then'};
		context.pins.consumer = {name: titan.consumer, created: 'then'};
		await confirmConsumer(context, created('then', 'then') as never);
		await expect(confirmConsumer(context, created('then', 'now') as never)).rejects.toThrow(
			/execution-consumer is another one/,
		);
	});
});
