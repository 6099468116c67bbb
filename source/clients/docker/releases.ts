import {type Group, join, numberOf} from './project-group.ts';
import {composeServiceOf, type Listed} from './schema.ts';

/** What this host says of the Compose files of a project's newest container. */
export type NewestFiles = {
	/** As its label names them; undefined where the configuration names the files. */
	files: readonly string[] | undefined;
	/** All their services; undefined where they cannot be read, or are not to be believed. */
	services: readonly string[] | undefined;
	isThere: (path: string) => boolean;
};

/**
Joins what one project's releases have left. A deployment that runs `docker compose -p app up -d` from a new folder each time
makes only the containers that changed: the others keep the labels of the folder of an earlier release. Pure.

Two parts are one project if no container of the one has the service and number of one of the other, and the newest Compose file
names all services of the older part. If that file is there and cannot be read, then they must have no service in common, and
the older files must be gone from this host; of a host that has neither file nothing can be told.
*/
export function joinReleases(groups: readonly Group[], newest: NewestFiles): Group[] {
	const [first, ...older] = groups.toSorted((a, b) => newestOf(b.rows) - newestOf(a.rows));
	if (first === undefined || !(newest.files?.every((file) => first.part.files.includes(file)) ?? true)) {
		return [...groups];
	}
	let project = first;
	const others: Group[] = [];
	for (const group of older) {
		if (isRelease(project, group, newest)) {
			project = {...join(project, group), part: {...join(project, group).part, files: first.part.files}};
		} else {
			others.push(group);
		}
	}
	return [project, ...others];
}

function isRelease(project: Group, older: Group, {files, services, isThere}: NewestFiles): boolean {
	if (services !== undefined) {
		const taken = new Set(project.rows.map(containerKey));
		return (
			older.rows.every((row) => !taken.has(containerKey(row))) &&
			older.part.services.every((service) => services.includes(service))
		);
	}
	return (
		(files ?? []).length > 0 &&
		(files ?? []).every(isThere) &&
		older.part.files.length > 0 &&
		!older.part.files.some(isThere) &&
		!older.part.services.some((service) => project.part.services.includes(service))
	);
}

const newestOf = (rows: readonly Listed[]): number => Math.max(...rows.map(({Created}) => Created));

// No control character is in a label that was sanitised.
const containerKey = (row: Listed): string => `${composeServiceOf(row.Labels)}\n${numberOf(row)}`;
