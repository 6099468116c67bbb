import {reattachCommand} from '../../state/reattach.ts';
import {own} from '../../state/record.ts';
import {isDetached} from '../../state/service.ts';
import {outlivesContainer} from '../../state/store-place.ts';
import type {DeploymentState} from '../../state/types.ts';
import type {Rule} from '../rule.ts';
import {restartRemedy} from '../service-remedy.ts';

const isLost = ({nats}: DeploymentState, service: string): boolean => {
	const place = own(nats.stores ?? {}, service);
	return place !== undefined && outlivesContainer(place) === false;
};

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
			.map((container) => ({
				id: `container-detached:${container.service}`,
				severity: 'critical',
				title: `${container.service} is cut off from its network`,
				evidence: 'its container runs, attached to no network',
				// A container that is made again would lose what a server keeps inside it.
				...(isLost(state, container.service)
					? {
							advice: `${reattachCommand(container, Object.values(state.services))}; recreating it would lose its streams`,
						}
					: restartRemedy(container.service, config, '')),
			}));
	},
};
