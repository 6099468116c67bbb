import type {DockerClient} from '../../clients/docker/client.ts';
import {describeDockerError} from '../../clients/docker/errors.ts';
import type {ContainerFacts} from '../../state/observation.ts';
import type {CheckResult} from '../../state/run.ts';
import {plural} from '../../text/count.ts';

/** Whether the engine answers and knows the project. Answers its containers too; none where it does not. */
export async function checkEngine(
	docker: DockerClient,
	project: string,
): Promise<{checks: CheckResult[]; services: ContainerFacts[]}> {
	const name = 'Docker engine';
	try {
		const [{version, apiVersion}, services] = await Promise.all([docker.version(), docker.list(project)]);
		const ok = services.length > 0;
		const evidence = ok
			? `${version}, API ${apiVersion}, ${plural(services.length, 'container')} of ${project}`
			: `There is no container of the Compose project ${project} on this engine. Name the project in the configuration.`;
		return {checks: [{name, ok, evidence}], services};
	} catch (error) {
		return {checks: [{name, ok: false, evidence: describeDockerError(error, docker.endpoint)}], services: []};
	}
}
