import {breaks} from '../mutant.ts';

const confirm = 'source/runbook/identity/confirm.ts';
const unit = 'test/runbook/identity/confirm.test.ts';

/** A run acts on the very things of its plan. */
export const identity = breaks('Acts on what was planned', [
	{
		name: 'pinned-containers',
		without: 'the look at engine and containers before an act',
		changes: [
			{
				file: confirm,
				find: 'const other = otherEngine(context.pins, id) ?? otherContainer(context.pins, containers, services);',
				put: 'const other = services.length < 0 ? otherEngine(context.pins, id) ?? otherContainer(context.pins, containers, services) : undefined;',
			},
		],
		test: {file: unit, name: 'does not stop: a container that was replaced'},
	},
	{
		name: 'pinned-stream',
		without: 'the look at the stream before an act',
		changes: [
			{
				file: confirm,
				find: 'const other = otherCreated(context.pins.stream, now);',
				put: 'const other = now.created === null ? otherCreated(context.pins.stream, now) : undefined;',
			},
		],
		test: {file: unit, name: 'does not touch a stream that was deleted and created again'},
	},
	{
		name: 'pinned-plan',
		without: 'the comparison of what a run finds with what was confirmed on the console',
		changes: [
			{
				file: 'source/commands/run.ts',
				find: 'if (others.length > 0) {',
				put: 'if (others.length < 0) {',
			},
		],
		test: {file: 'test/integration/pins.test.ts', name: 'of another engine, or with another container'},
	},
	{
		name: 'accounted',
		without: 'the account of every message in the result',
		changes: [
			{
				file: 'source/runbook/checks/accounted.ts',
				find: 'return missing === 0',
				put: 'return missing >= 0',
			},
		],
		test: {file: 'test/runbook/accounted.test.ts', name: 'are not: somebody else purged them'},
	},
]);
