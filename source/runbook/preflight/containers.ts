import type {Composition, Engine} from '../../deployment/deployment.ts';
import type {ContainerFacts} from '../../state/observation.ts';
import type {CheckResult} from '../../state/run.ts';
import {plural} from '../../text/count.ts';
import type {Needs} from '../needs.ts';
import {type PlanFacts, servicesOf} from '../step.ts';

/**
Whether each service that the steps start again has its container, or a Compose file that can make it: who stops
what can't be started leaves it stopped.
*/
export async function checkContainers(
	engine: Engine,
	services: ContainerFacts[],
	facts: PlanFacts,
	{stops, starts, restarts}: Needs,
): Promise<CheckResult[]> {
	const wanted = [...new Set([...stops, ...starts].flatMap((named) => servicesOf(named, facts)))];
	const there = new Set(services.map(({service}) => service));
	const missing = wanted.filter((service) => !there.has(service));
	if (wanted.length === 0 || services.length === 0) {
		return [];
	}
	const name = 'containers';
	const cutOff = facts.toMake.detached.filter((service) =>
		restarts.some((named) => servicesOf(named, facts).includes(service)),
	);
	if (missing.length === 0 && cutOff.length === 0) {
		return [{name, ok: true, evidence: `${plural(wanted.length, 'service')} can be started again`}];
	}
	const compose = await engine.composition().catch(() => undefined);
	const known = compose?.services;
	const toMake = [...missing, ...cutOff];
	const unknown = toMake.filter((service) => known && !known.includes(service));
	return unknown.length === 0
		? [{name, ...compositionOf(missing, compose, cutOff)}]
		: [
				{
					name,
					ok: false,
					evidence: `${unknown.join(', ')} has no container, and is not a service of ${compose?.files.join(', ')}. The services are ${known?.join(', ')}.`,
				},
			];
}

/** What can be made of services without a container. */
export function compositionOf(
	missing: string[],
	compose: Omit<Composition, 'command'> | undefined,
	cutOff: string[] = [],
): {ok: boolean; evidence: string} {
	const what = [
		missing.length > 0 && `${missing.join(', ')} ${missing.length === 1 ? 'has' : 'have'} no container`,
		cutOff.length > 0 &&
			`${cutOff.join(', ')} ${cutOff.length === 1 ? 'is' : 'are'} cut off from the network and must be recreated`,
	]
		.filter(Boolean)
		.join(', and ');
	if (compose === undefined || compose.files.length === 0) {
		return {
			ok: false,
			evidence: `${what}, and no other container names its Compose file. Create it with docker compose up -d, then run this.`,
		};
	}
	const {missing: gone, refused} = compose;
	if (gone.length === 0 && refused !== undefined) {
		return {
			ok: false,
			evidence: `${what}. ${refused} Or create the container with docker compose up -d, then run this.`,
		};
	}
	return gone.length === 0
		? {ok: true, evidence: `${what}; Compose will create it from ${compose.files.join(', ')}`}
		: {
				ok: false,
				evidence: `${what}, and ${gone.join(', ')}, from which Compose could create it, is not on this host. Put the file back, or create the container with docker compose up -d, then run this.`,
			};
}
