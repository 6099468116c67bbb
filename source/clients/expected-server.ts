import type {ContainerFacts} from '../state/observation.ts';
import type {DockerClient} from './docker/client.ts';

/**
Whether the project has a service, although it has no container now: another container depends on it, or the Compose file names
it. Never throws; a file that cannot be read, or must not be, says nothing.
*/
export async function isOfProject(
	docker: Pick<DockerClient, 'composeProject'>,
	project: string,
	service: string,
	containers: readonly Pick<ContainerFacts, 'dependsOn'>[],
): Promise<boolean> {
	if (containers.some(({dependsOn}) => dependsOn.includes(service))) {
		return true;
	}
	try {
		const compose = await docker.composeProject(project);
		if (compose === undefined) {
			return false;
		}
		// Loaded only here: the parser of YAML costs a start more than most of the rest.
		const {readComposition} = await import('./docker/composition.ts');
		return (await readComposition(compose)).services.includes(service);
	} catch {
		return false;
	}
}
