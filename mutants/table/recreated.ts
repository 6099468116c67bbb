import {breaks} from '../mutant.ts';

const recreate = 'source/runbook/consumers/recreate-consumers.ts';
const test = 'test/integration/recreate.test.ts';

/** A consumer that is made anew goes on where it stopped. */
export const recreated = breaks('A consumer is given back where it stopped', [
	{
		name: 'moved',
		without: 'the move behind what it had acknowledged',
		changes: [
			{
				file: recreate,
				find: 'await jetstream.resetConsumer(stream, name, after + 1);',
				put: '',
			},
		],
		test: {file: test, name: 'goes on where it stopped'},
	},
	{
		name: 'start-sequence',
		without: 'the start sequence where the server can not move it',
		changes: [
			{
				file: recreate,
				find: 'startingAfter(config, start.after)',
				put: '(void startingAfter, config)',
			},
		],
		test: {file: test, name: 'that began with new messages only'},
	},
	{
		name: 'paused',
		without: 'the pause while it is moved',
		changes: [
			{
				file: recreate,
				find: '{...withMark(config, start.after), pause_until: until}',
				put: '(void until, withMark(config, start.after))',
			},
		],
		test: {file: test, name: 'is given out nothing by a run that was killed'},
	},
	{
		name: 'half-made',
		without: 'the second look at a consumer that is there and was never moved',
		changes: [{file: recreate, find: 'if (mark !== undefined) {', put: 'if (mark === -1) {'}],
		test: {file: test, name: 'is given out nothing by a run that was killed'},
	},
	{
		name: 'comes-again',
		without: 'the typed name where messages come again',
		changes: [
			{file: 'source/runbook/plan.ts', find: 'runbook.typed || again > 0 ||', put: 'runbook.typed ||'},
		],
		test: {file: test, name: 'wants the name of the stream'},
	},
]);
