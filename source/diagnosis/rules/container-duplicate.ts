import {containerWords} from '../../state/project.ts';
import type {Rule} from '../rule.ts';

/** Compose has two containers of one service while it stops the old one, 10 s where nothing else is said. */
const replacedWithinMs = 30_000;

/** Several containers are the same replica of one service: nobody can tell which one is meant. */
export const rule: Rule = {
	id: 'container-duplicate',
	title: 'Several containers are the same service',
	severity: 'critical',
	section: 'Immediate Actions',
	meaning:
		'Several containers have the same service and number, which Compose assigns only once. If Compose is killed while it replaces a container, it leaves two. The screen may show either one. No runbook runs until only one is left.',
	evidence: 'the containers with their ids and states',
	remedy: 'remove the wrong container: `docker rm -f` and its id',
	check({project}) {
		return (project?.duplicates ?? []).map(({service, number, containers, isReplaced}) => ({
			id: `container-duplicate:${number === '1' ? service : `${service}-${number}`}`,
			severity: 'critical',
			title: `${containers.length} containers are ${service}${number === '1' ? '' : ` number ${number}`}`,
			evidence: containers.map(containerWords).join(' and '),
			advice: 'remove the wrong container; no runbook runs before that',
			...(isReplaced && {afterMs: replacedWithinMs}),
		}));
	},
};
