import {isAmbiguous, partWords} from '../../state/project.ts';
import type {Rule} from '../rule.ts';

/** Containers of several projects have one project's name. */
export const rule: Rule = {
	id: 'project-ambiguous',
	title: 'Several projects have one name',
	severity: 'critical',
	section: 'Immediate Actions',
	meaning:
		"The containers of the project were made from Compose files that have nothing in common. Two projects have the same name, or the files were moved. The screen shows all containers. No runbook runs, because it could stop another project's services.",
	evidence: 'the folders, with their services',
	remedy: 'set docker.workingDir in the configuration to the folder, or to all folders, of the deployment',
	check({project}, config) {
		if (project === undefined || !isAmbiguous(project)) {
			return [];
		}
		return [
			{
				id: 'project-ambiguous',
				severity: 'critical',
				title: `${project.parts.length} projects are called ${config.docker.project}`,
				evidence: project.parts.map(partWords).join('; '),
				advice: 'set docker.workingDir in the configuration; no runbook runs before that',
			},
		];
	},
};
