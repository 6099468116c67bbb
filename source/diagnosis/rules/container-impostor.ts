import {containerWords} from '../../state/project.ts';
import type {Rule} from '../rule.ts';

/** A container that bears a service's labels because its image carries them: it is not that service. */
export const rule: Rule = {
	id: 'container-impostor',
	title: 'A container only looks like a service',
	severity: 'warning',
	section: 'Immediate Actions',
	meaning:
		'A container bears the Compose labels of a service, but they come from its image. Compose did not make it, so it is not counted as that service, and no run touches it. `docker commit` makes such images; so does anybody who wants a container to be taken for a service.',
	evidence: 'the container, its image, and the service whose labels it bears',
	remedy: 'find out who started it; remove it (`docker rm -f`) if it should not be there',
	check({project}) {
		return (project?.impostors ?? []).map((container) => ({
			id: `container-impostor:${container.containerName || container.containerId.slice(0, 12)}`,
			severity: 'warning',
			title: `${container.containerName || container.containerId.slice(0, 12)} only looks like ${container.service}`,
			evidence: `container ${containerWords(container)} bears the labels of ${container.service}, but they come from its image ${container.image}`,
			advice: 'find out who started it',
		}));
	},
};
