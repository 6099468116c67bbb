import {breaks} from '../mutant.ts';

const dialog = 'source/ui/reduce/plan.ts';
const purgeScreen = {file: 'test/e2e/purge.test.ts', name: 'is started by nothing but the typed name'};

/** What would be lost is shown, and confirmed by who has seen it. */
export const loss = breaks('What would be lost stands in the plan', [
	{
		name: 'counted-again',
		without: 'the count right before the purge',
		changes: [
			{
				file: 'source/runbook/steps/purge.ts',
				find: 'now.impact.unprocessed <= mostLoss(confirmedLoss)',
				put: 'mostLoss(confirmedLoss) >= 0',
			},
		],
		test: {file: 'test/world/schedules-1.test.ts'},
	},
	{
		name: 'typed-name',
		without: 'the typed name where unprocessed messages would go',
		changes: [
			{
				file: 'source/runbook/plan.ts',
				find: 'runbook.typed || again > 0 || (impact !== undefined && impact.unprocessed > 0)',
				put: 'runbook.typed',
			},
		],
		test: purgeScreen,
	},
	{
		name: 'enter-alone',
		without: 'the comparison of what was typed',
		changes: [
			{
				file: dialog,
				find: 'if (dialog.typed !== text) {',
				put: "if (dialog.typed !== text && dialog.typed !== '') {",
			},
		],
		test: purgeScreen,
	},
	{
		name: 'typed-early',
		without: 'the look at when the dialog was drawn',
		changes: [
			{
				file: dialog,
				find: " || phase !== 'ready' || drawnAt === undefined || at - drawnAt < readingTimeMs) {",
				put: " || phase !== 'ready' || drawnAt === Number.POSITIVE_INFINITY || at < 0) {",
			},
		],
		test: {
			file: 'test/ui/plan-dialog.test.ts',
			name: 'y before the plan was read, drawn, or looked at does not',
		},
	},
	{
		name: 'typed-together',
		without: 'the look whether a key came alone',
		changes: [{file: dialog, find: '\tif (!alone) {', put: '\tif (!alone && runBefore === null) {'}],
		test: purgeScreen,
	},
]);
