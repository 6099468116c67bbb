import {nodeServices} from '../config/nodes.ts';
import type {ContainerFacts} from '../state/observation.ts';
import {isDetached} from '../state/service.ts';
import {formatStamp} from '../text/duration.ts';
import type {ReadContext} from './context.ts';
import type {PlanFacts} from './step.ts';

/** What a plan's words and a run's steps rest on. A service whose container is missing is still one of them. */
export function planFacts(
	{config, records}: Pick<ReadContext, 'config' | 'records'>,
	services: ContainerFacts[],
	at: number,
): PlanFacts {
	const there = new Set(services.map(({service}) => service));
	const names = new Set([...nodeServices(config), ...services.map(({service}) => service)]);
	for (const {service} of [...config.health, ...config.metrics]) {
		if (service !== undefined) {
			names.add(service);
		}
	}
	return {
		config,
		services: [...names],
		toMake: {
			missing: services.length === 0 ? [] : [...names].filter((name) => !there.has(name)),
			detached: services.filter(isDetached).map(({service}) => service),
		},
		backupFolder: records.backups.folderOf(`${config.stream}-${formatStamp(at)}`),
	};
}
