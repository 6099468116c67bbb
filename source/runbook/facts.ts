import {nodeServices} from '../config/nodes.ts';
import type {Engine} from '../deployment/deployment.ts';
import type {NatsUsers} from '../state/nats-users.ts';
import type {ContainerFacts} from '../state/observation.ts';
import {isDetached} from '../state/service.ts';
import {formatStamp} from '../text/duration.ts';
import type {ReadContext} from './context.ts';
import type {PlanFacts} from './step.ts';
import {outsideWords} from './users.ts';

/** The same with the command that makes what must be made, so that the plan and the journal show what is executed. */
export async function withCommand(facts: PlanFacts, engine: Engine): Promise<PlanFacts> {
	const composition = await engine.composition().catch(() => undefined);
	return {...facts, toMake: {...facts.toMake, command: composition?.command}};
}

/** What a plan's words and a run's steps rest on. A service whose container is missing is still one of them. */
export function planFacts(
	{config, records}: Pick<ReadContext, 'config' | 'records'>,
	services: ContainerFacts[],
	at: number,
	users?: NatsUsers,
): PlanFacts {
	const there = new Set(services.map(({service}) => service));
	const named = nodeServices(config);
	const servers = users?.servers ?? services.filter(({natsServer}) => natsServer).map(({service}) => service);
	const otherServers = [...new Set(servers)].filter((service) => !named.includes(service));
	const names = new Set([...named, ...services.map(({service}) => service)]);
	for (const {service} of [...config.health, ...config.metrics]) {
		if (service !== undefined) {
			names.add(service);
		}
	}
	const outside = users === undefined ? [] : outsideWords(users);
	return {
		config,
		services: [...names],
		containers: services,
		...(otherServers.length > 0 && {otherServers}),
		// What is not known for certain to use no NATS is stopped with the others.
		...(outside.length > 0 && {outside}),
		...(users?.isKnown && users.others.length > 0 && {others: users.others}),
		toMake: {
			missing: services.length === 0 ? [] : [...names].filter((name) => !there.has(name)),
			detached: services.filter(isDetached).map(({service}) => service),
		},
		backupFolder: records.backups.folderOf(`${config.stream}-${formatStamp(at)}`),
	};
}
