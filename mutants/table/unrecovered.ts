import {breaks} from '../mutant.ts';

const kills = 'test/integration/kills.test.ts';
const readopt = 'source/runbook/steps/readopt.ts';
const back = {file: 'test/integration/unrecovered.test.ts', name: 'full recovery gives it back'};

/** A stream that the server lost its record of comes back. */
export const unrecovered = breaks('An unrecovered stream is given back', [
	{
		name: 'readopted',
		without: 'the rule that what came back is not purged',
		changes: [{file: readopt, find: 'context.memory.readopted = true;', put: ''}],
		test: back,
	},
	{
		name: 'record-anew',
		without: 'the update that makes the server write its record',
		changes: [{file: readopt, find: 'await jetstream.updateStream(saved.config);', put: ''}],
		test: back,
	},
	{
		name: 'rewrite',
		without: 'the same update by the run that finishes one that was killed before it',
		changes: [
			{
				file: 'source/runbook/steps/recreate.ts',
				find: 'if (rewrite && saved) {',
				put: 'if (rewrite && !saved) {',
			},
		],
		test: {file: kills, name: 'after it had made an unrecovered stream anew'},
	},
	{
		name: 'recreated',
		without: 'the stream in what a resumption makes anew',
		changes: [
			{
				file: 'source/runbook/resume.ts',
				find: "['purge', 'readopt', 'recreate'].some(began)",
				put: "['recreate'].some(began)",
			},
		],
		test: {file: kills, name: 'before it gave an unrecovered stream back'},
	},
	{
		name: 'configurations',
		without: 'the configurations that every look keeps',
		changes: [
			{
				file: 'source/records/config-keeper.ts',
				find: 'writeConfigs(path, saved);',
				put: 'void writeConfigs;',
			},
		],
		test: {file: 'test/integration/runs.test.ts', name: 'creates a deleted stream and its consumer again'},
	},
]);
