import {containerWords, isAmbiguous, type ProjectFacts, partWords} from '../../state/project.ts';
import type {CheckResult} from '../../state/run.ts';

/**
Whether it is clear which containers are the deployment's: not where several are one service, or where several projects have
one name. Impostors stop no run, because no run touches them; they are named.
*/
export function judgeProject(project: ProjectFacts, name: string): CheckResult[] {
	const checks: CheckResult[] = project.duplicates.map(({service, containers}) => ({
		name: `one container of ${service}`,
		ok: false,
		evidence: `${containers.map(containerWords).join(' and ')} are both ${service}, and a run cannot tell them apart. Remove the wrong one (docker rm -f and its id), then run this.`,
	}));
	if (isAmbiguous(project)) {
		checks.push({
			name: 'one project',
			ok: false,
			evidence: `${project.parts.length} projects are called ${name}: ${project.parts.map(partWords).join('; ')}. Set docker.workingDir in the configuration to the folder of the deployment, then run this.`,
		});
	}
	if (project.impostors.length > 0) {
		checks.push({
			name: 'containers that only look like services',
			ok: true,
			evidence: `left alone: ${project.impostors.map((one) => `${containerWords(one)} has the labels of ${one.service} from its image`).join(', ')}`,
		});
	}
	return checks;
}
