import {breaks} from '../mutant.ts';

const kills = 'test/integration/kills.test.ts';
const runs = 'test/integration/runs.test.ts';
const schedules = {file: 'test/world/schedules-1.test.ts'};
const putBack = 'if (ledger.stopped.size === 0) {';

/** What a run stopped is started again. */
export const strands = breaks('Never strands', [
	{
		name: 'put-back',
		without: 'the start of what a failed run had stopped',
		changes: [
			{
				file: 'source/runbook/execute.ts',
				find: putBack,
				put: 'if (!lock.lost.aborted) {',
			},
		],
		test: schedules,
	},
	{
		name: 'put-back-aborted',
		without: 'the start of what an aborted run had stopped',
		changes: [
			{
				file: 'source/runbook/execute.ts',
				find: putBack,
				put: 'if (ledger.stopped.size === 0 || context.signal.aborted) {',
			},
		],
		test: {file: runs, name: 'when it is aborted in purge by SIGINT'},
	},
	{
		name: 'adoption',
		without: 'what the killed run had stopped in the record of the run that finishes it',
		changes: [
			{
				file: 'source/runbook/start-run.ts',
				find: 'if (resumes !== undefined && resumes.stopped.length > 0) {',
				put: 'if (resumes === null) {',
			},
		],
		test: {file: 'test/world/kills.test.ts', name: 'recover'},
	},
	{
		name: 'any-run-finishes',
		without: 'the finishing of a killed run by any other run',
		changes: [
			{
				file: 'source/runbook/runbooks.ts',
				find: 'return unfinished ? finishing(unfinished, runbook) : runbook;',
				put: 'void finishing; return runbook;',
			},
		],
		test: schedules,
	},
	{
		name: 'killed-is-found',
		without: 'the finding of a run that was killed',
		changes: [
			{
				file: 'source/diagnosis/rules/run-unfinished.ts',
				find: 'if (!run || !isUnfinished(run)) {',
				put: 'if (!run || isUnfinished(run)) {',
			},
		],
		test: {file: kills, name: 'in restart, at restart:'},
	},
	{
		name: 'full-journal',
		without: 'the end of a run whose journal can not be written',
		changes: [
			{
				file: 'source/runbook/ledger.ts',
				find: 'if (!mayFail) {',
				put: 'if (true || !mayFail) {',
			},
		],
		test: {file: 'test/integration/full-disk.test.ts', name: 'whose journal fills in the middle'},
	},
]);
