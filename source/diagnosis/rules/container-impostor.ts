import {containerWords} from '../../state/project.ts';
import type {Rule} from '../rule.ts';

/** A container that bears a service's labels because its image carries them: it is not that service. */
export const rule: Rule = {
	id: 'container-impostor',
	title: 'A container only looks like a service',
	severity: 'warning',
	section: 'Immediate Actions',
	meaning:
		'A container has the Compose labels of a service, but they come from its image. Compose did not create it, so jetmedic does not count it as that service. No run touches it. `docker commit` creates such images, and an attacker can build one.',
	evidence: 'the container, its image, and the service whose labels it has',
	remedy: 'find out who started it; remove it (`docker rm -f`) if it does not belong there',
	check({project}) {
		return (project?.impostors ?? []).map((container) => ({
			id: `container-impostor:${container.containerName || container.containerId.slice(0, 12)}`,
			severity: 'warning',
			title: `${container.containerName || container.containerId.slice(0, 12)} only looks like ${container.service}`,
			evidence: `container ${containerWords(container)} has the labels of ${container.service}, but they come from its image ${container.image}`,
			advice: 'find out who started it',
		}));
	},
};
