import {withJetStream} from '../../deployment/deployment.ts';
import type {JetStream} from '../../deployment/jetstream.ts';
import type {ContainerFacts} from '../../state/observation.ts';
import {known} from '../consumers/recreate-consumers.ts';
import type {ReadContext} from '../context.ts';
import type {Needs} from '../needs.ts';
import {type Created, type Pins, pinContainers} from './pins.ts';

/**
The identity of everything that a runbook acts on, as it is now. What cannot be read is not pinned: the preflight says why, and
a run that needs it does not start.
*/
export async function readPins(
	context: ReadContext,
	services: readonly ContainerFacts[],
	needs: Needs,
): Promise<Pins> {
	const engine = await context.deployment.engine.id().catch(() => '');
	const base = {engine, containers: pinContainers(services)};
	return needs.touchesStream ? {...base, ...(await createdNow(context))} : base;
}

async function createdNow({deployment, config}: ReadContext): Promise<Pick<Pins, 'stream' | 'consumer'>> {
	try {
		return await withJetStream(deployment, async (jetstream) => {
			const [stream, consumer] = await Promise.all([
				streamCreated(jetstream, config.stream),
				consumerCreated(jetstream, config.stream, config.consumer),
			]);
			return {stream, consumer};
		});
	} catch {
		return {};
	}
}

/** When a stream was created. @throws when the server does not answer. */
export async function streamCreated(jetstream: JetStream, name: string): Promise<Created> {
	const info = await known(() => jetstream.stream(name, 2000));
	return {name, created: info?.created ?? ''};
}

/** When a consumer was created. @throws when the server does not answer. */
export async function consumerCreated(jetstream: JetStream, stream: string, name: string): Promise<Created> {
	const info = await known(() => jetstream.consumer(stream, name, 2000));
	return {name, created: info?.created ?? ''};
}
