import {breaks} from '../mutant.ts';

/** Only a call that is right does anything. */
export const questions = breaks('A question never acts', [
	{
		name: 'question',
		without: 'the look for a question before anything else',
		changes: [
			{
				file: 'source/commands/call/read-call.ts',
				find: "isQuestion(argument) && argument !== '--version'",
				put: "isQuestion(argument) && argument === ''",
			},
		],
		test: {file: 'test/commands/call/read-call.test.ts', name: 'is explained by --help in every place'},
	},
	{
		name: 'foreign-flag',
		without: 'the refusal of a flag that the command does not have',
		changes: [
			{
				file: 'source/commands/call/read-call.ts',
				find: 'if (!own.includes(name) && !internal.includes(name)) {',
				put: 'if (own.length === 0) {',
			},
		],
		test: {file: 'test/commands/call/read-call.test.ts', name: 'refuses a flag of another command'},
	},
	{
		name: 'passed-off-as-confirmed',
		without: 'the whole set of flags that a console gives to its run',
		changes: [
			{
				file: 'source/commands/call/read-call.ts',
				find: "there.length === internal.length && given.has('yes') && !given.has('dryRun')",
				put: 'there.length > 0',
			},
		],
		test: {file: 'test/commands/call/read-call.test.ts', name: 'may not pass off as confirmed'},
	},
	{
		name: 'lost-output',
		without: 'the error of an output that is lost',
		changes: [
			{
				file: 'source/commands/output.ts',
				find: 'return failure === undefined ? code : whenLost;',
				put: 'return failure === undefined ? code : code;',
			},
		],
		test: {file: 'test/commands/output.test.ts', name: 'with an error'},
	},
]);
