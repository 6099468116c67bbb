import {knownServices} from '../records/names.ts';
import type {RunContext} from './context.ts';
import {ownContainers} from './own-containers.ts';
import {byService, startOrder} from './services.ts';

/**
Starts services in dependency order; what runs already is left alone, as is a replica that was stopped before the run stopped the
others; what has no container is made by Compose. Every service is tried even where another one fails.

@returns What was started, what could not be, with the reason, and what has no container and no place in the Compose files: a
name that was read back from a journal may be anything, and nothing is done with it.
*/
export async function startServices(
	{deployment, control, memory}: Pick<RunContext, 'deployment' | 'control' | 'memory'>,
	services: string[],
	onStarted: (service: string) => void = () => {},
): Promise<{started: string[]; failed: {service: string; reason: string}[]; unknown: string[]}> {
	const containers = await deployment.engine.containers();
	const known = byService(containers);
	const missing = services.filter((service) => !known.has(service));
	const composition =
		missing.length === 0 ? undefined : await deployment.engine.composition().catch(() => undefined);
	const {unknown} = knownServices(missing, composition?.services);
	const order = startOrder(
		services
			.filter((service) => !unknown.includes(service))
			.map((service) => ({service, dependsOn: known.get(service)?.[0]?.dependsOn ?? []})),
	);
	const started: string[] = [];
	const failed: {service: string; reason: string}[] = [];
	for (const level of order) {
		await Promise.all(
			level.map(async (service) => {
				try {
					const replicas = known.get(service) ?? [];
					const own = ownContainers(replicas, memory.stoppedContainers);
					const still = own.filter(({status}) => status !== 'running');
					if (replicas.length === 0) {
						await control.make([service]);
					} else if (still.length === 0) {
						return;
					}
					for (const {containerId, status} of still) {
						await (status === 'paused' ? control.unpause(containerId) : control.start(containerId));
					}
					started.push(service);
					onStarted(service);
				} catch (error) {
					failed.push({service, reason: (error as Error).message});
				}
			}),
		);
	}
	return {started, failed, unknown};
}
