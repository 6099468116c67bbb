import type {ContainerFacts} from '../state/observation.ts';

/**
Services in the order in which they start: each after all that it depends on, in levels that can start
together. A circle, which Compose refuses, ends as one last level.
*/
export function startOrder(services: Pick<ContainerFacts, 'service' | 'dependsOn'>[]): string[][] {
	const names = new Set(services.map(({service}) => service));
	const left = new Map(
		services.map(({service, dependsOn}) => [service, dependsOn.filter((name) => names.has(name))]),
	);
	const levels: string[][] = [];
	while (left.size > 0) {
		const ready = [...left]
			.filter(([, needs]) => needs.every((name) => !left.has(name)))
			.map(([service]) => service);
		const level = ready.length > 0 ? ready : [...left.keys()];
		for (const service of level) {
			left.delete(service);
		}
		levels.push(level.sort());
	}
	return levels;
}

/** The order in which they stop: dependents first, as `docker compose stop` does it. */
export const stopOrder = (services: Pick<ContainerFacts, 'service' | 'dependsOn'>[]): string[][] =>
	startOrder(services).reverse();

/** The containers of each service: a scaled one has several. */
export function byService(containers: readonly ContainerFacts[]): Map<string, ContainerFacts[]> {
	const services = new Map<string, ContainerFacts[]>();
	for (const container of containers) {
		services.set(container.service, [...(services.get(container.service) ?? []), container]);
	}
	return services;
}
