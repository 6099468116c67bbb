import {breaks} from '../mutant.ts';

const purge = 'test/integration/purge.test.ts';
const step = 'source/runbook/steps/purge.ts';
const send = 'return await jetstream.purge(stream, keep);';

/** A purge is sent once, and nothing happens before its outcome is known. */
export const onePurge = breaks('The purge is sent once', [
	{
		name: 'sent-again',
		without: 'the rule that a purge without an answer is not sent again',
		changes: [
			{
				file: step,
				find: send,
				put: 'return await jetstream.purge(stream, keep).catch(() => withJetStream(context.control, (again) => again.purge(stream, keep)));',
			},
		],
		test: {file: 'test/world/schedules-1.test.ts'},
	},
	{
		name: 'outcome',
		without: 'the look at what became of a purge that got no answer',
		changes: [{file: step, find: 'if (isRefusal(error)) {', put: 'if (isRefusal(error) || true) {'}],
		test: {file: purge, name: 'that was done but whose answer was lost'},
	},
	{
		name: 'stands-still',
		without: 'the wait until the stream stands still',
		changes: [{file: 'source/runbook/settled.ts', find: 'if (same >= 4) {', put: 'if (same >= 0) {'}],
		test: {file: purge, name: 'that goes on in the server is waited for'},
	},
	{
		name: 'abort-fence',
		without: 'the wait of an aborted run for the end of its purge',
		changes: [
			{
				file: step,
				find: 'const after = await settledState(stream, context);',
				put: 'context.signal.throwIfAborted(); const after = await settledState(stream, context);',
			},
		],
		test: {file: purge, name: 'that is aborted while it is under way'},
	},
	{
		name: 'next-run-fence',
		without: 'the wait of the next run for the purge of one that was killed',
		changes: [
			{
				file: 'source/runbook/resume.ts',
				find: '...(isPurging ? [settleStep(run)] : []),',
				put: '...(isPurging ? [settleStep(run)] : []).slice(1),',
			},
		],
		test: {file: purge, name: 'of a run that was killed is waited for by the next one'},
	},
	{
		name: 'paused-fence',
		without: 'the same wait where the server is paused',
		changes: [
			{
				file: 'source/runbook/steps/settle.ts',
				find: "(status !== 'running' && status !== 'paused') || startedAt > run.at;",
				put: "status !== 'running' || startedAt > run.at;",
			},
		],
		test: {file: purge, name: 'of a run that was killed is waited for by the next one'},
	},
	{
		name: 'partly',
		without: 'the word for a purge that was done in part',
		changes: [
			{
				file: 'source/runbook/purge-outcome.ts',
				find: "isDone ? 'done' : removed > 0 ? 'partly' : 'nothing'",
				put: "isDone || removed > 0 ? 'done' : 'nothing'",
			},
		],
		test: {file: purge, name: 'that was done in part'},
	},
	{
		name: 'keep',
		without: 'the check that a purge keeps at least one',
		changes: [
			{
				file: 'source/clients/nats/purge.ts',
				find: "if (keep !== 'nothing' && (!Number.isSafeInteger(keep) || keep < 1)) {",
				put: "if (keep !== 'nothing' && keep === -2) {",
			},
		],
		test: {file: 'test/clients/nats/purge.test.ts', name: 'refuses to keep'},
	},
]);
