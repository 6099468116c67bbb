import {dirname} from 'node:path';
import type {ComposeProject} from './project-files.ts';
import {composeLabel, type Listed} from './schema.ts';
import {type Choice, composeFilesOf, fileIn} from './survey.ts';

/**
Where Compose reads a project from: what the configuration names, and of the rest what the newest container names. A project
that was started with `--env-file prod.env` has other values without it, whoever names its Compose files. Pure.

@param services - The containers of the project's services.
*/
export function composeProjectOf(
	project: string,
	services: readonly Listed[],
	choice: Choice = {},
): ComposeProject | undefined {
	const labels = services
		.toSorted((a, b) => b.Created - a.Created)
		.find((row) => composeLabel(row.Labels, 'project.config_files'))?.Labels;
	const named = labels && composeFilesOf(labels);
	const configFiles = choice.files ?? named?.files;
	if (configFiles === undefined) {
		return undefined;
	}
	const ofLabel = labels === undefined ? [] : environmentFilesOf(labels);
	const environmentFiles = choice.envFiles ?? ofLabel;
	const areBelieved = choice.envFiles !== undefined || ofLabel.length === 0;
	if (choice.files === undefined) {
		return {
			project,
			configFiles: [...configFiles],
			workingDir: named?.workingDir ?? '',
			environmentFiles: [...environmentFiles],
			...(choice.envFiles !== undefined && {believed: {environmentFiles: true}}),
		};
	}
	const chosen = [choice.workingDir ?? []].flat();
	const agreed = chosen.length === 0 ? agreedFolder(services) : undefined;
	const workingDir = chosen.length === 1 ? chosen[0]! : (agreed ?? dirname(configFiles[0] ?? ''));
	return {
		project,
		configFiles: [...configFiles],
		workingDir,
		environmentFiles: [...environmentFiles],
		isConfigured: true,
		believed: {
			environmentFiles: areBelieved,
			workingDir: agreed === undefined || configFiles.some((file) => dirname(file) === agreed),
		},
	};
}

const environmentFilesOf = (labels: Listed['Labels']): string[] => {
	const {workingDir} = composeFilesOf(labels);
	return composeLabel(labels, 'project.environment_file')
		.split(',')
		.filter(Boolean)
		.map((file) => fileIn(workingDir, file));
};

/** The folder that all containers name; relative paths of the Compose files, such as data folders, count from there. */
function agreedFolder(services: readonly Listed[]): string | undefined {
	const folders = new Set(services.map(({Labels}) => composeFilesOf(Labels).workingDir));
	const [folder] = folders;
	return folders.size === 1 && folder !== '' ? folder : undefined;
}
