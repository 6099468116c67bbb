import {breaks} from '../mutant.ts';

const test = 'test/sources/unread.test.ts';

/** What was not read is neither fine nor missing. */
export const unread = breaks('Not read is not fine', [
	{
		name: 'short-list',
		without: 'the regard for streams that a list lacks',
		changes: [
			{
				file: 'source/state/reduce-streams.ts',
				find: 'const unread = (isWhole ? unsure : absent).filter((name) => !found.has(name));',
				put: 'const unread = (isWhole ? unsure : absent).filter(() => false);',
			},
		],
		test: {file: test, name: 'another server'},
	},
	{
		name: 'blind-spots',
		without: 'the finding of what was not read',
		changes: [
			{
				file: 'source/diagnosis/blind-spots.ts',
				find: "...(isUp(sourceOf(state, 'nats')) ? [...ofStreams(state, config), ...ofNamed(state, config)] : []),",
				put: "...(isUp(sourceOf(state, 'nats')) ? [ofStreams, ofNamed].flatMap(() => []) : []),",
			},
		],
		test: {file: test, name: 'no leader (10008)'},
	},
]);
