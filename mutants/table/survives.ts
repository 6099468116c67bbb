import {breaks} from '../mutant.ts';

const session = {file: 'source/commands/launch-run.ts', find: 'detached: true', put: 'detached: false'};
const hangup = {
	file: 'source/commands/signals.ts',
	find: "process.on('SIGHUP', () => {});",
	put: '',
};
const survive = 'test/e2e/survive.test.ts';

/** A run is a process of its own. */
export const survives = breaks('Survives', [
	{
		name: 'session-and-hangup',
		without: 'a session of its own and a deaf ear for the end of its terminal',
		changes: [session, hangup],
		test: {file: survive, name: 'in restart (R), at restart,'},
	},
	{
		name: 'session',
		without: 'a session of its own',
		changes: [session],
		test: {file: survive, name: 'whole process group'},
	},
	{
		name: 'hangup',
		without: 'a deaf ear for the end of its terminal',
		changes: [hangup],
		test: {file: 'test/integration/runs.test.ts', name: 'survives the end of its terminal'},
	},
	{
		name: 'broken-pipe',
		without: 'a deaf ear for readers that go away',
		changes: [
			{
				file: 'source/commands/signals.ts',
				find: "stream.on('error', () => {});",
				put: 'void stream;',
			},
			{
				file: 'source/commands/output.ts',
				find: "process.stdout.on('error', (error) => {\n\t\tfailure ??= error;\n\t});\n\tprocess.stderr.on('error', () => {});",
				put: 'void failure;',
			},
		],
		test: {file: 'test/integration/runs.test.ts', name: 'survives the end of its terminal'},
	},
	{
		name: 'seen-elsewhere',
		without: 'the runs that the engine shows',
		changes: [{file: 'source/sources/runs.ts', find: '\t\t\t\tonRun(run);', put: ''}],
		test: {file: 'test/e2e/operators.test.ts', name: 'see one run, and start no second one'},
	},
]);
