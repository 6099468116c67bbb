import {breaks} from '../mutant.ts';

/** Read-only and dry runs change nothing. */
export const readOnly = breaks('Read-only', [
	{
		name: 'read-only',
		without: 'the gate before anything that could change something',
		changes: [
			{
				file: 'source/runbook/read-only.ts',
				find: '\tif (readOnly) {',
				put: '\tif (readOnly && what === null) {',
			},
			{
				file: 'source/deployment/real-deployment.ts',
				find: '...(!config.readOnly && {control: controlOf(reach)}),',
				put: 'control: controlOf(reach),',
			},
		],
		test: {file: 'test/integration/read-only.test.ts', name: 'restart is refused by the flag'},
	},
	{
		name: 'read-only-keys',
		without: 'the refusal of keys that change something',
		changes: [
			{
				file: 'source/ui/reduce.ts',
				find: 'if (binding?.dangerous && context.readOnly) {',
				put: 'if (binding?.dangerous && context.readOnly === null) {',
			},
		],
		test: {file: 'test/e2e/keys.test.ts', name: 'no key changes anything in a read-only console'},
	},
	{
		name: 'read-only-console',
		without: 'both, in a console',
		changes: [
			{
				file: 'source/ui/reduce.ts',
				find: "return say(ui, 'This console is read-only: it was started so, and changes nothing.', at, 'bad');",
				put: "ui = say(ui, 'This console is read-only: it was started so, and changes nothing.', at, 'bad');",
			},
			{
				file: 'source/runbook/read-only.ts',
				find: '\tif (readOnly) {',
				put: '\tif (readOnly && what === null) {',
			},
			{
				file: 'source/deployment/real-deployment.ts',
				find: '...(!config.readOnly && {control: controlOf(reach)}),',
				put: 'control: controlOf(reach),',
			},
		],
		test: {file: 'test/e2e/read-only.test.ts'},
	},
	{
		name: 'dry-run',
		without: 'the end of a dry run after its plan',
		changes: [
			{
				file: 'source/commands/run.ts',
				find: '\tif (flags.dryRun) {\n\t\tsay(',
				put: '\tif (flags.dryRun && id === null) {\n\t\tsay(',
			},
		],
		test: {file: 'test/integration/read-only.test.ts', name: 'of recover shows plan'},
	},
]);
