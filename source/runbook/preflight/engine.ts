import type {Engine} from '../../deployment/deployment.ts';
import type {ContainerFacts} from '../../state/observation.ts';
import {type ProjectFacts, plainProject} from '../../state/project.ts';
import type {CheckResult} from '../../state/run.ts';
import {plural} from '../../text/count.ts';

/** Whether the engine answers and knows the project. Answers its containers too; none where it does not. */
export async function checkEngine(
	engine: Engine,
	project: string,
): Promise<{checks: CheckResult[]; services: ContainerFacts[]; project: ProjectFacts}> {
	const name = 'Docker engine';
	try {
		const [{version, apiVersion}, services, facts] = await Promise.all([
			engine.version(),
			engine.containers(),
			engine.project(),
			// Without it a plan could not be held to this engine: what fails here stops the plan, not the confirmed run.
			engine.id(),
		]);
		const ok = services.length > 0;
		const evidence = ok
			? `${version}, API ${apiVersion}, ${plural(services.length, 'container')} of ${project}`
			: `There is no container of the Compose project ${project} on this engine. Name the project in the configuration.`;
		return {checks: [{name, ok, evidence}], services, project: facts};
	} catch (error) {
		return {
			checks: [{name, ok: false, evidence: engine.describe(error)}],
			services: [],
			project: plainProject,
		};
	}
}
