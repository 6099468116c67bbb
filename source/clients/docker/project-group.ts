import type {ProjectPart} from '../../state/project.ts';
import {sanitize} from '../../text/sanitize.ts';
import {composeLabel, type Listed} from './schema.ts';

/** The containers that come from the same Compose files. */
export type Group = {part: ProjectPart; rows: Listed[]};

/** Which replica of its service a container is. */
export const numberOf = ({Labels}: Listed): string =>
	sanitize(composeLabel(Labels, 'container-number') || '1', 8);

/** Two parts as one, which comes from the folder of the first. */
export const join = (a: Group, b: Group): Group => ({
	part: {
		workingDir: a.part.workingDir,
		files: [...new Set([...a.part.files, ...b.part.files])],
		services: [...new Set([...a.part.services, ...b.part.services])].sort(),
	},
	rows: [...a.rows, ...b.rows],
});
