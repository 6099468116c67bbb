import {breaks} from '../mutant.ts';

const integration = 'test/integration/escalation.test.ts';
const e2e = 'test/e2e/escalation.test.ts';
const owner = 'source/escalation/owner.ts';
const escalate = 'source/escalation/escalate.ts';

/** After 15 minutes somebody is told, once, with or without a console. */
export const clock = breaks('The clock runs', [
	{
		name: 'clock-on-disk',
		without: 'the clock that another console began',
		changes: [
			{
				file: 'source/records/incident.ts',
				find: '> forgottenAfterMs ? undefined : known;',
				put: '> forgottenAfterMs || known ? undefined : known;',
			},
		],
		test: {file: e2e, name: 'goes on when the process that waits is killed'},
	},
	{
		name: 'records',
		without: 'the word that nothing can be recorded',
		changes: [
			{
				file: 'source/sources/runs.ts',
				find: 'const now = recordsTrouble(place);',
				put: 'const now: string | undefined = void recordsTrouble;',
			},
		],
		test: {file: e2e, name: 'from a console that can write nothing'},
	},
	{
		name: 'run-escalates',
		without: 'the escalation of a run without a console',
		changes: [{file: 'source/runbook/start-run.ts', find: 'given.onIncident?.();', put: ''}],
		test: {file: integration, name: 'of a run that does not end in time'},
	},
	{
		name: 'escalation-session',
		without: 'the escalation’s session of its own',
		changes: [
			{file: 'source/escalation/launch-escalation.ts', find: 'detached: true,', put: 'detached: false,'},
			{file: 'source/commands/escalate.ts', find: "process.on('SIGHUP', () => {});", put: ''},
		],
		test: {file: e2e, name: 'comes once, from two consoles and a run'},
	},
	{
		name: 'one-escalates',
		without: 'the lock and the record that leave the escalation to one process',
		changes: [
			{
				file: 'source/commands/escalate.ts',
				find: "lock = await takeLock(address, holderHere('escalation', 'escalation', process.env));",
				put: 'lock = {release() {}}; void [takeLock, address, holderHere];',
			},
			{
				file: escalate,
				find: '(isSettled(before) || (!isOwn(before) && isAtWork(place, before)))',
				put: '(isSettled(before) || (isOwn(before) && isAtWork(place, before)))',
			},
			{
				file: owner,
				find: '\t\tisTaken() {',
				put: '\t\tisTaken() {\n\t\t\tif (mine) {\n\t\t\t\treturn false;\n\t\t\t}',
			},
		],
		test: {file: integration, name: 'is done once by many processes at once'},
	},
	{
		name: 'reached-once',
		without: 'the look at whom it has reached',
		changes: [
			{
				file: escalate,
				find: '\t\t\tif (isReached(target)) {',
				put: '\t\t\tif (isReached(target) && attempts < 0) {',
			},
		],
		test: {file: 'test/escalation/escalate.test.ts', name: 'tries again, and only whom it has not reached'},
	},
	{
		name: 'reached-nobody',
		without: 'the word that the escalation reached nobody',
		changes: [{file: escalate, find: 'record.write({failedAt: now()});', put: ''}],
		test: {file: integration, name: 'that reaches nobody is a finding'},
	},
	{
		name: 'mended',
		without: 'the look whether it was mended meanwhile',
		changes: [
			{
				file: 'source/commands/escalate.ts',
				find: 'if (isCalm(state, findings) && !isUnfinished && !isIncidentWatched(place)) {',
				put: 'if (isCalm(state, findings) && isUnfinished && !isIncidentWatched(place)) {',
			},
		],
		test: {file: integration, name: 'tells nobody of what is well when its time has come'},
	},
]);
