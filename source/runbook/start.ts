import type {RunContext} from './context.ts';
import {startOrder} from './services.ts';

/**
Starts services in dependency order; what runs already is left alone, what has no container is made by
Compose. Every service is tried even where another one fails.

@returns What was started and what could not be, with the reason.
*/
export async function startServices(
	{deployment, control}: Pick<RunContext, 'deployment' | 'control'>,
	services: string[],
	onStarted: (service: string) => void = () => {},
): Promise<{started: string[]; failed: {service: string; reason: string}[]}> {
	const containers = await deployment.engine.containers();
	const known = new Map(containers.map((container) => [container.service, container]));
	const order = startOrder(
		services.map((service) => ({service, dependsOn: known.get(service)?.dependsOn ?? []})),
	);
	const started: string[] = [];
	const failed: {service: string; reason: string}[] = [];
	for (const level of order) {
		await Promise.all(
			level.map(async (service) => {
				try {
					const container = known.get(service);
					if (!container) {
						await control.make([service]);
					} else if (container.status === 'paused') {
						await control.unpause(container.containerId);
					} else if (container.status !== 'running') {
						await control.start(container.containerId);
					} else {
						return;
					}
					started.push(service);
					onStarted(service);
				} catch (error) {
					failed.push({service, reason: (error as Error).message});
				}
			}),
		);
	}
	return {started, failed};
}
