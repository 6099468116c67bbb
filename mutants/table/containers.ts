import {breaks} from '../mutant.ts';

const survey = 'source/clients/docker/survey.ts';
const composition = 'source/clients/docker/composition.ts';
const compose = 'source/clients/docker/compose.ts';
const surveyed = 'test/clients/docker/survey.test.ts';
const composed = 'test/clients/docker/composition.test.ts';
const project = 'test/diagnosis/project.test.ts';

/** What is a container of the deployment, and what Compose may be run on. */
export const containers = breaks('Knows its containers', [
	{
		name: 'impostor',
		without: 'the look at the labels of the image',
		changes: [
			{
				file: survey,
				find: '!isMadeByCompose(row, images.get(row.ImageID))',
				put: 'row.Id === images.get(row.ImageID)?.[String(isMadeByCompose)]',
			},
		],
		test: {file: surveyed, name: 'are its services without impostors, which are named'},
	},
	{
		name: 'duplicates',
		without: 'the refusal to run with two containers of one service',
		changes: [
			{
				file: 'source/runbook/preflight/impostors.ts',
				find: 'ok: false,\n\t\tevidence: `${containers.map',
				put: 'ok: true,\n\t\tevidence: `${containers.map',
			},
		],
		test: {file: project, name: 'two for one number are critical'},
	},
	{
		name: 'ambiguous',
		without: 'the choice between two projects of one name',
		changes: [
			{
				file: 'source/state/project.ts',
				find: 'parts.length > 1 && chosen === undefined;',
				put: 'parts.length > 1 && chosen !== undefined;',
			},
		],
		test: {file: project, name: 'several projects of one name are critical'},
	},
	{
		name: 'untrusted-compose',
		without: 'the look at who can change a Compose file',
		changes: [
			{
				file: composition,
				find: 'isBelieved ? undefined : distrust(file)',
				put: 'isBelieved || file ? undefined : distrust(file)',
			},
		],
		test: {file: composed, name: 'is refused where others can change the file'},
	},
	{
		name: 'remote-include',
		without: 'the refusal of includes of another machine',
		changes: [
			{file: composition, find: 'if (isRemote(named)) {', put: 'if (isRemote(named) && named === from) {'},
		],
		test: {file: composed, name: 'is refused where it comes from github.com'},
	},
	{
		name: 'service-name',
		without: 'the check of the names that Compose gets',
		changes: [
			{
				file: compose,
				find: '!serviceName.test(service) || !known.includes(service)',
				put: '!serviceName.test(known[0] ?? service) && !known.includes(service)',
			},
		],
		test: {file: composed, name: 'runs nothing for a name that is not a service'},
	},
	{
		name: 'lock-image',
		without: 'the look into the image of a lock',
		changes: [
			{
				file: 'source/clients/docker/lock-container.ts',
				find: 'return empty.get(ImageID)',
				put: 'return empty.has(ImageID)',
			},
		],
		test: {
			file: 'test/clients/docker/lock-container.test.ts',
			name: 'is none where it has files of its image',
		},
	},
	{
		name: 'done-job',
		without: 'the rest of a job that has done its work',
		changes: [
			{
				file: 'source/runbook/steps/start-services.ts',
				find: '!isDone(service) || memory.stopped?.has(service)',
				put: 'isDone(service) !== undefined || memory.stopped?.has(service)',
			},
		],
		test: {file: 'test/runbook/steps/scaled.test.ts', name: 'that is a job and has done its work'},
	},
]);
