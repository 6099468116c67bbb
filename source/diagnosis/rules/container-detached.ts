import {isDetached} from '../../state/service.ts';
import type {Rule} from '../rule.ts';
import {restartRemedy} from '../service-remedy.ts';

/** A container that runs and is attached to no network: it reaches nobody, and its published ports refuse. */
export const rule: Rule = {
	id: 'container-detached',
	title: 'A container is cut off from its network',
	severity: 'critical',
	section: 'Immediate Actions',
	meaning:
		'The container runs and is attached to no network: it reaches nobody, and its published ports refuse.',
	evidence: 'that it runs, attached to no network',
	remedy:
		'restart it with the console (S, or R where it is the server): Compose then makes its container anew, its volumes stay',
	avoid:
		'Restart it by hand: `docker restart` does not bring the network back, and `docker network connect` leaves out the names that the others know it by.',
	check(state, config) {
		return Object.values(state.services)
			.filter(isDetached)
			.map(({service}) => ({
				id: `container-detached:${service}`,
				severity: 'critical',
				title: `${service} is cut off from its network`,
				evidence: 'its container runs, attached to no network',
				...restartRemedy(service, config, ''),
			}));
	},
};
