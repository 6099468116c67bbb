import type {ContainerFacts} from '../state/observation.ts';
import type {RunContext} from './context.ts';

/**
Of a service's containers those that a run stopped, and those that run: a replica that somebody stopped before is not the run's to
start. All of them where the run stopped none that is still there, as after Compose has made new ones.
*/
export function ownContainers<T extends Pick<ContainerFacts, 'containerId' | 'status'>>(
	replicas: readonly T[],
	stopped: ReadonlySet<string> = new Set(),
): readonly T[] {
	return replicas.some(({containerId}) => stopped.has(containerId))
		? replicas.filter(({containerId, status}) => stopped.has(containerId) || status === 'running')
		: replicas;
}

/** Says on disk, before they are stopped, what the run stops: a run that dies then is known to have stopped them. */
export function writeStopping(
	{memory, write}: Pick<RunContext, 'memory' | 'write'>,
	containers: readonly Pick<ContainerFacts, 'service' | 'containerId'>[],
): void {
	const ids = containers.map(({containerId}) => containerId);
	memory.stoppedContainers = new Set([...(memory.stoppedContainers ?? []), ...ids]);
	const services = [...new Set(containers.map(({service}) => service))];
	write({event: 'stopping', services, containers: ids});
}
