import {breaks} from '../mutant.ts';

const kills = 'test/integration/kills.test.ts';
const stop = 'source/runbook/steps/stop-services.ts';
const stopping = 'writeStopping(context, containers);';

/** A line is on disk before what it announces, without a secret. */
export const journal = breaks('The journal comes first', [
	{
		name: 'on-disk',
		without: 'the fsync of each line',
		changes: [
			{
				file: 'source/records/journal.ts',
				find: '\t\t\tfsyncSync(file);\n\t\t\ttorn = false;',
				put: '\t\t\ttorn = false;',
			},
		],
		test: {file: kills, name: 'in purge, at purge:'},
	},
	{
		name: 'stop-announced',
		without: 'the line about a stop before it',
		changes: [
			{file: stop, find: stopping, put: ''},
			{file: stop, find: '\t\tconst left = (await', put: `\t\t${stopping}\n\t\tconst left = (await`},
		],
		test: {file: 'test/world/kills.test.ts', name: 'recover'},
	},
	{
		name: 'step-announced',
		without: 'the line about a step before it',
		changes: [
			{
				file: 'source/runbook/run-steps.ts',
				find: "\t\tcontext.write({event: 'step', step: step.id, status: 'running', command: step.command?.(facts)});\n\t\tconst done = await step.run(context, facts);",
				put: "\t\tconst done = await step.run(context, facts);\n\t\tcontext.write({event: 'step', step: step.id, status: 'running', command: step.command?.(facts)});",
			},
		],
		test: {file: 'test/world/kills.test.ts', name: 'recover'},
	},
	{
		name: 'first-line',
		without: 'the removal of a journal without its first line',
		changes: [{file: 'source/runbook/start-run.ts', find: 'ledger.discard();', put: ''}],
		test: {file: 'test/integration/full-disk.test.ts', name: 'can not begin its journal'},
	},
	{
		name: 'secrets',
		without: 'the configuration’s own secrets among what is hidden',
		changes: [
			{
				file: 'source/records/journal.ts',
				find: 'hideSecrets(event, secrets);',
				put: 'hideSecrets(event, secrets.slice(0, 0));',
			},
		],
		test: {file: 'test/records/journal-lines.test.ts', name: 'hides exactly what the configuration holds'},
	},
	{
		name: 'redaction',
		without: 'all that hides secrets',
		changes: [
			{
				file: 'source/records/hide-secrets.ts',
				find: 'sanitize(redact(sanitize(text, maxRaw), secrets));',
				put: 'sanitize(sanitize(text, maxRaw + 0 * secrets.length));',
			},
		],
		test: {
			file: 'test/integration/report.test.ts',
			name: 'of user and password is written or printed by a run',
		},
	},
]);
