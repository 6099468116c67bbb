import {containerWords} from '../../state/project.ts';
import type {Rule} from '../rule.ts';

/** Compose has two containers of one service while it stops the old one, 10 s where nothing else is said. */
const replacedWithinMs = 30_000;

/** Several containers are the same replica of one service: nobody can tell which one is meant. */
export const rule: Rule = {
	id: 'container-duplicate',
	title: 'Several containers are one service',
	severity: 'critical',
	section: 'Immediate Actions',
	meaning:
		'Several containers bear the same service and the same number, which Compose gives only once. Compose leaves two when it is killed while it replaces one. What is shown may be of either, and no runbook is run until one is left.',
	evidence: 'the containers with their ids and states',
	remedy: 'remove the one that is not the service: `docker rm -f` and its id',
	check({project}) {
		return (project?.duplicates ?? []).map(({service, number, containers, isReplaced}) => ({
			id: `container-duplicate:${number === '1' ? service : `${service}-${number}`}`,
			severity: 'critical',
			title: `${containers.length} containers are ${service}${number === '1' ? '' : ` number ${number}`}`,
			evidence: containers.map(containerWords).join(' and '),
			advice: 'remove the one that is not the service; no runbook is run before',
			...(isReplaced && {afterMs: replacedWithinMs}),
		}));
	},
};
