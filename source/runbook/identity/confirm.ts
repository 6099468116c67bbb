import type {JetStream} from '../../deployment/jetstream.ts';
import {StepError} from '../../deployment/step-error.ts';
import type {RunContext} from '../context.ts';
import {otherContainer, otherCreated, otherEngine, pinContainers} from './pins.ts';
import {consumerCreated, streamCreated} from './read-pins.ts';

const untouched = 'Nothing more was touched. Look at the plan again.';

/**
Asks before an act on containers whether the deployment is still this run's, and whether engine and containers are those of
the plan.

@throws StepError with both names when one is another one; what `confirmLock` throws.
*/
export async function confirmServices(context: RunContext, services: readonly string[]): Promise<void> {
	await context.confirmLock();
	context.memory.touched = new Set([...(context.memory.touched ?? []), ...services]);
	const {engine} = context.deployment;
	const [id, containers] = await Promise.all([engine.id(), engine.containers()]);
	const other = otherEngine(context.pins, id) ?? otherContainer(context.pins, containers, services);
	if (other !== undefined) {
		throw new StepError(`${other} ${untouched}`);
	}
}

/**
The same before an act on the stream: it must be the one of the plan, or the one that this run created.

@param mayBeNew - The act removes nothing: a stream that was missing in the plan may have been created meanwhile by a service, and is
taken as the run's own from now on.
@throws as `confirmServices`.
*/
export async function confirmStream(
	context: RunContext,
	jetstream: JetStream,
	mayBeNew = false,
): Promise<void> {
	await context.confirmLock();
	const now = await streamCreated(jetstream, context.config.stream);
	if (mayBeNew && context.pins.stream?.created === '') {
		context.pins.stream = now;
	}
	const other = otherCreated(context.pins.stream, now);
	if (other !== undefined) {
		throw new StepError(`${other} ${untouched}`);
	}
}

/**
The same before an act on the consumer. One that is there now and was missing in the plan was created by its service: that is what
the step looks at itself.

@throws as `confirmServices`.
*/
export async function confirmConsumer(context: RunContext, jetstream: JetStream): Promise<void> {
	await confirmStream(context, jetstream, true);
	const {stream, consumer} = context.config;
	const now = await consumerCreated(jetstream, stream, consumer);
	const isThere = context.pins.consumer?.created !== '';
	const other = isThere ? otherCreated(context.pins.consumer, now) : undefined;
	if (other !== undefined) {
		throw new StepError(`${other} ${untouched}`);
	}
}

/** Takes the containers that Compose made for this run as its own from now on. */
export async function repinServices(context: RunContext, services: readonly string[]): Promise<void> {
	const now = pinContainers(await context.deployment.engine.containers());
	for (const service of services) {
		context.pins.containers[service] = now[service] ?? [];
	}
}

/** Takes the stream that this run created as its own from now on; the verification compares it with what was saved. */
export async function repinStream(context: RunContext, jetstream: JetStream): Promise<void> {
	context.memory.recreated = {consumers: [], ...context.memory.recreated, stream: true};
	context.pins.stream = await streamCreated(jetstream, context.config.stream);
}

/** Takes down that this run created a consumer. */
export const noteCreated =
	({memory}: RunContext) =>
	(name: string): void => {
		const {stream = false, consumers = []} = memory.recreated ?? {};
		memory.recreated = {stream, consumers: [...consumers, name]};
	};
