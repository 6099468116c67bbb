import type {Rule} from '../rule.ts';

/** A container that runs and is attached to no network: it reaches nobody, and its published ports refuse. */
export const rule: Rule = {
	id: 'container-detached',
	title: 'A container is cut off from its network',
	severity: 'critical',
	section: 'Immediate Actions',
	meaning:
		'The container runs and is attached to no network: it reaches nobody, and its published ports refuse.',
	evidence: 'that it runs, attached to no network',
	remedy: 'recreate the container; attached again by hand it lacks the names that the others know it by',
	avoid: 'Restart it: a restart does not bring the network back.',
	worse: ['restart'],
	check(state) {
		return Object.values(state.services)
			.filter((service) => service.status === 'running' && service.networks.length === 0)
			.map(({service}) => ({
				id: `container-detached:${service}`,
				severity: 'critical',
				title: `${service} is cut off from its network`,
				evidence: 'its container runs, attached to no network',
				// Attached again by hand it lacks the names that the others know it by.
				advice: `recreate ${service}`,
			}));
	},
};
