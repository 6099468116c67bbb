import type {ContainerFacts} from '../../state/observation.ts';

/**
What a plan was made of, by identity: names, labels and addresses can be another thing's by the time of the act. A run looks
again before each act, and stops when something is another one.
*/
export type Pins = {
	/** The engine's ID (GET /info); empty when it has none. */
	engine: string;
	/** The ids of the containers of each service; none for a service without a container. */
	containers: Record<string, string[]>;
	/** The stream and the consumer; undefined when the runbook does not touch them, or they could not be read. */
	stream?: Created | undefined;
	consumer?: Created | undefined;
};

/**
A stream or a consumer, with the time at which it was created, as the server says; empty when the server does not know it. One that
was deleted and created again has the same name and another time.
*/
export type Created = {name: string; created: string};

/** The containers of a project, by service. */
export function pinContainers(
	containers: readonly Pick<ContainerFacts, 'service' | 'containerId'>[],
): Pins['containers'] {
	const pinned: Pins['containers'] = {};
	for (const {service, containerId} of containers) {
		pinned[service] = [...(pinned[service] ?? []), containerId].sort();
	}
	return pinned;
}

/** Why this is another engine than the plan's; undefined when it is the same, or neither has an ID. */
export const otherEngine = (pins: Pick<Pins, 'engine'>, now: string): string | undefined =>
	pins.engine === now
		? undefined
		: `The engine is another one: it was ${shortId(pins.engine)} in the plan and is ${shortId(now)} now.`;

/** Which of these services has other containers than in the plan; undefined when none has. */
export function otherContainer(
	pins: Pick<Pins, 'containers'>,
	containers: readonly Pick<ContainerFacts, 'service' | 'containerId'>[],
	services: readonly string[],
): string | undefined {
	const now = pinContainers(containers);
	for (const service of services) {
		const planned = pins.containers[service] ?? [];
		const found = now[service] ?? [];
		if (planned.join() !== found.join()) {
			return `${service} is another container: it was ${idsOf(planned)} in the plan and is ${idsOf(found)} now.`;
		}
	}
	return undefined;
}

/** Why a stream or a consumer is another one than in the plan; undefined when it is the same, is gone, or was not pinned. */
export function otherCreated(planned: Created | undefined, now: Created): string | undefined {
	if (planned === undefined || now.created === '') {
		return undefined;
	}
	if (planned.created === '') {
		return `${now.name} was created after the plan was made, at ${now.created}.`;
	}
	return planned.created === now.created
		? undefined
		: `${now.name} is another one: it was created at ${planned.created} in the plan and at ${now.created} now.`;
}

/** Everything that differs between two sets of pins, as sentences. */
export function otherThings(planned: Pins, now: Pins): string[] {
	const services = [...new Set([...Object.keys(planned.containers), ...Object.keys(now.containers)])];
	const containers = Object.entries(now.containers).flatMap(([service, ids]) =>
		ids.map((containerId) => ({service, containerId})),
	);
	return [
		otherEngine(planned, now.engine),
		otherContainer(planned, containers, services),
		...(['stream', 'consumer'] as const).map((what) => {
			const found = now[what];
			return found && otherCreated(planned[what], found);
		}),
	].filter((sentence) => sentence !== undefined);
}

const shortId = (id: string): string => id.slice(0, 12) || 'without an ID';

const idsOf = (ids: readonly string[]): string => ids.map(shortId).join(' and ') || 'missing';
