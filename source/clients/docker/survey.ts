import {resolve} from 'node:path';
import type {NamedContainer, ProjectFacts} from '../../state/project.ts';
import {sanitize} from '../../text/sanitize.ts';
import {isMadeByCompose} from './made-by-compose.ts';
import {type Group, join, numberOf} from './project-group.ts';
import {joinReleases, type NewestFiles} from './releases.ts';
import {composeLabel, composeServiceOf, type Listed} from './schema.ts';

/** Which of several projects of one name is meant. */
export type Choice = {
	workingDir?: string | readonly string[] | undefined;
	files?: readonly string[] | undefined;
	/** Files with variables for the Compose files; they take the place of those that the containers name. */
	envFiles?: readonly string[] | undefined;
};

/** What the containers that bear a project's name are. */
export type Survey = {
	/** One for each service and number. */
	services: Listed[];
	facts: ProjectFacts;
};

/**
Sorts the containers that bear the label of a project: its services, `docker compose run`s, impostors, and several for one
number. Of those for one number the one that runs stands for the service, then the oldest. Pure.

@param images - The labels of each container's image, by the image's id.
@param newest - What can be told of the Compose files of the newest container: by these, folders of releases are one project.
*/
export function surveyOf(
	rows: readonly Listed[],
	images: ReadonlyMap<string, Record<string, string> | undefined>,
	choice: Choice = {},
	newest?: NewestFiles,
): Survey {
	// Without `oneoff` Compose does not see a container either (docker/compose, pkg/api/labels.go).
	const labelled = rows.filter(
		({Labels}) => /^(True|False)$/.test(composeLabel(Labels, 'oneoff')) && composeServiceOf(Labels) !== '',
	);
	const impostors = labelled.filter((row) => !isMadeByCompose(row, images.get(row.ImageID)));
	const own = labelled.filter((row) => !impostors.includes(row));
	const isOneOff = ({Labels}: Listed): boolean => composeLabel(Labels, 'oneoff') === 'True';
	const all = own.filter((row) => !isOneOff(row));
	const groups = newest === undefined ? partsOf(all) : joinReleases(partsOf(all), newest);
	const chosen = groups.length > 1 ? choose(groups, choice) : undefined;
	const meant = chosen?.rows ?? all;

	const byNumber = new Map<string, Listed[]>();
	for (const row of meant) {
		// No control character is in a label that was sanitised.
		const key = `${composeServiceOf(row.Labels)}\n${numberOf(row)}`;
		byNumber.set(key, [...(byNumber.get(key) ?? []), row].sort(byRank));
	}
	return {
		services: [...byNumber.values()].map(([first]) => first!),
		facts: {
			impostors: impostors.map(named),
			duplicates: [...byNumber.values()]
				.filter((same) => same.length > 1)
				.map((same) => ({
					service: composeServiceOf(same[0]!.Labels),
					number: numberOf(same[0]!),
					containers: same.map(named),
					...(same.some(isReplacement) && {isReplaced: true as const}),
				})),
			oneOffs: own.filter(isOneOff).map(named),
			parts: groups.map(({part}) => part),
			...(chosen && {chosen: chosen.part}),
		},
	};
}

/** Compose makes the new one beside the old one, which it stops only then (pkg/compose/convergence.go, `recreateContainer`). */
const isReplacement = ({State, Labels}: Listed): boolean =>
	State === 'created' && composeLabel(Labels, 'replace') !== '';

const byRank = (a: Listed, b: Listed): number =>
	Number(b.State === 'running') - Number(a.State === 'running') ||
	a.Created - b.Created ||
	a.Id.localeCompare(b.Id);

const named = ({Id, Names, Image, State, Labels}: Listed): NamedContainer => ({
	containerId: sanitize(Id, 64),
	containerName: sanitize(Names[0] ?? '', 200).replace(/^\//, ''),
	image: Image,
	status: State,
	service: composeServiceOf(Labels),
});

/** The Compose files that a container's labels name. Compose v1 gives them relative to the working folder. */
export function composeFilesOf(labels: Listed['Labels']): {workingDir: string; files: string[]} {
	const workingDir = composeLabel(labels, 'project.working_dir');
	const files = composeLabel(labels, 'project.config_files').split(',').filter(Boolean);
	return {workingDir, files: files.map((file) => fileIn(workingDir, file))};
}

/** A file that a label names; what is no path, such as `oci://…` or `-`, stays what it is. */
export const fileIn = (workingDir: string, file: string): string =>
	workingDir === '' || file === '-' || /^[a-z][a-z\d+.-]*:\/\//i.test(file)
		? file
		: resolve(workingDir, file);

/**
The containers by the project that they come from. One project may name more files for some of its services than for others
(`-f` with an override), so those that share a file belong together; those that name no file by their folder.
*/
function partsOf(rows: readonly Listed[]): Group[] {
	let groups: {keys: Set<string>; rows: Listed[]}[] = [];
	for (const row of rows) {
		const {workingDir, files} = composeFilesOf(row.Labels);
		const keys = files.length > 0 ? files.map((file) => `file ${file}`) : [`folder ${workingDir}`];
		const same = groups.filter((group) => keys.some((key) => group.keys.has(key)));
		groups = [
			...groups.filter((group) => !same.includes(group)),
			{
				keys: new Set([...same.flatMap((group) => [...group.keys]), ...keys]),
				rows: [...same.flatMap((group) => group.rows), row],
			},
		];
	}
	return groups
		.map((group): Group => {
			const first = composeFilesOf(group.rows[0]!.Labels);
			return {
				part: {
					workingDir: sanitize(first.workingDir, 300),
					files: [
						...new Set(
							group.rows.flatMap((row) =>
								composeFilesOf(row.Labels).files.map((file) => sanitize(file, 300)),
							),
						),
					],
					services: [...new Set(group.rows.map((row) => composeServiceOf(row.Labels)))].sort(),
				},
				rows: group.rows,
			};
		})
		.sort(
			(a, b) =>
				a.part.workingDir.localeCompare(b.part.workingDir) ||
				(a.part.files[0] ?? '').localeCompare(b.part.files[0] ?? ''),
		);
}

/**
What the configuration chooses of several projects: all that come from its working folders, or the one whose Compose file it
names; undefined where it chooses none, or where its files alone fit several.
*/
function choose(groups: readonly Group[], {workingDir, files}: Choice): Group | undefined {
	const folders = workingDir === undefined ? undefined : [workingDir].flat().map(withoutSlash);
	const inFolders = groups.filter(({part}) => folders?.includes(withoutSlash(part.workingDir)) ?? true);
	const ofFiles = inFolders.filter(({part}) => files?.some((file) => part.files.includes(file)));
	// The console may see the files by another path than Compose did.
	const found = ofFiles.length > 0 ? ofFiles : folders === undefined ? [] : inFolders;
	const [first] = found;
	return first === undefined || (found.length > 1 && ofFiles.length === 0 && folders?.length === 1)
		? undefined
		: found.slice(1).reduce(join, first);
}

const withoutSlash = (folder: string): string => folder.replace(/(?<=.)\/+$/, '');
