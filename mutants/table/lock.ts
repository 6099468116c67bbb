import {breaks} from '../mutant.ts';

const lock = 'test/integration/lock.test.ts';
const runLock = 'source/lock/run-lock.ts';
const engineLock = 'source/lock/engine-lock.ts';
const take = 'taken = await takeEngineLock(inTime, project, {holder, resumes}, place, taking);';

/** One run at a time, for all who reach the engine. */
export const oneAtATime = breaks('One at a time', [
	{
		name: 'host-lock',
		without: 'the lock among the processes of a host',
		changes: [
			{
				file: runLock,
				find: 'const here = await takeLock(address, holder, engineUsers(docker.endpoint));',
				put: 'const here: {release(): void; ignored?: string} = {release() {}}; void [takeLock, address, engineUsers];',
			},
		],
		test: {file: lock, name: 'keeps the runs of one host apart'},
	},
	{
		name: 'lock-binder',
		without: 'the question whose the name of a lock is',
		changes: [
			{
				file: 'source/lock/host-lock.ts',
				find: 'if (mayHold(owner, claim, others)) {',
				put: 'if (owner !== undefined || attempt > 0) {',
			},
		],
		test: {file: 'test/lock/binder.test.ts', name: 'says nothing, blocks nobody'},
	},
	{
		name: 'engine-lock',
		without: 'the lock in the engine',
		changes: [{file: runLock, find: take, put: `throw new Error('none'); ${take}`}],
		test: {file: lock, name: 'another host is refused'},
	},
	{
		name: 'two-takers',
		without: 'the removal of a dead holder’s lock by its id',
		changes: [
			{file: engineLock, find: 'await control.remove(other.id);', put: 'await control.remove(name);'},
		],
		test: {file: lock, name: 'the slower one removes nothing of the quicker one'},
	},
	{
		name: 'dead-holder',
		without: 'the end of a dead holder’s lock',
		changes: [{file: engineLock, find: "isHere ? 'lives' : 'dead'", put: "'lives'"}],
		test: {file: 'test/integration/runs.test.ts', name: 'can start when the other one was killed'},
	},
	{
		name: 'kept-journal',
		without: 'the journal of the dead holder',
		changes: [
			{
				file: engineLock,
				find: 'const isNews = keepJournal(place, whose.run, other);',
				put: 'void keepJournal; const isNews = place === null;',
			},
		],
		test: {file: lock, name: 'a killed run of another host is taken over'},
	},
	{
		name: 'lock-deadline',
		without: 'the end of the wait for an engine that does not answer',
		changes: [
			{
				file: runLock,
				find: 'AbortSignal.any([signal, AbortSignal.timeout(takeMs)])',
				put: 'AbortSignal.any([signal])',
			},
		],
		test: {file: lock, name: 'containers\\/create/ stops no run, and not for long'},
	},
	{
		name: 'lock-note',
		without: 'the word that other hosts are not kept out',
		changes: [
			{
				file: 'source/runbook/start-run.ts',
				find: 'if (lock.note !== undefined) {',
				put: 'if (lock.note === null) {',
			},
		],
		test: {file: lock, name: 'an engine without room for the lock stops no run'},
	},
	{
		name: 'restore-note',
		without: 'the word of a restore that other hosts are not kept out',
		changes: [{file: 'source/commands/restore.ts', find: 'output.note(lock.note);', put: ''}],
		test: {file: lock, name: 'a restore says that other hosts are not kept out'},
	},
	{
		name: 'lost-lock',
		without: 'the end of a run whose lock another one took',
		changes: [
			{
				file: runLock,
				find: '\t\t\tlost.abort(\n\t\t\t\tnew Error(',
				put: '\t\t\tString(\n\t\t\t\tnew Error(',
			},
		],
		test: {file: lock, name: 'a run whose lock another one took stops'},
	},
	{
		name: 'confirmed-lock',
		without: 'the question before a purge whose the deployment is',
		changes: [
			{
				file: 'source/runbook/steps/purge.ts',
				find: 'await confirmStream(context, jetstream);',
				put: '',
			},
		],
		test: {file: lock, name: 'nothing is purged or restarted where it can not be told'},
	},
	{
		name: 'left-to-other',
		without: 'the regard for a run that took the deployment over',
		changes: [
			{
				file: 'source/runbook/execute.ts',
				find: 'return lock.lost.aborted\n',
				put: 'return lock.lost === null\n',
			},
		],
		test: {file: lock, name: 'a run that lost the deployment while it stood still'},
	},
]);
