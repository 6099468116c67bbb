import {isLive} from '../../state/run.ts';
import type {Context, UiState} from '../model.ts';
import {visibleRun} from '../run-view.ts';
import {askedFor, askPlan} from './plan.ts';
import {say} from './say.ts';
import {targetOf} from './watch.ts';

/** The commands of the run view, and of the question whether to abort. */
export function reduceRun(
	ui: UiState,
	command: string,
	context: Context,
	alone: boolean,
	at: number,
): UiState {
	const run = visibleRun(context, ui);
	const wanted = askedFor(command);
	if (wanted !== undefined) {
		return askPlan(ui, wanted, context, at);
	}
	switch (command) {
		case 'hide-run':
			return {...ui, hiddenRun: run?.id, shownRun: undefined, runDetails: false, scroll: 0};
		case 'abort':
			return isLive(run)
				? {...ui, overlays: [...ui.overlays, 'abort']}
				: say(ui, 'The run has ended: there is nothing to abort.', at);
		case 'confirm-abort':
			return confirmAbort(ui, context, alone, at);
		case 'back':
			return {...ui, overlays: ui.overlays.slice(0, -1)};
		case 'run-details':
			return {...ui, runDetails: !ui.runDetails, scroll: 0};
		case 'help':
			return {...ui, overlays: [...ui.overlays, 'help'], scroll: 0};
		case 'quit':
			return {...ui, effects: [...ui.effects, {kind: 'quit'}]};
		default:
			return {...ui, scroll: targetOf(command, ui.scroll, 1 + (run?.checks.length ?? 0), 10) ?? ui.scroll};
	}
}

function confirmAbort(ui: UiState, context: Context, alone: boolean, at: number): UiState {
	if (!alone) {
		return ui;
	}
	const closed = {...ui, overlays: ui.overlays.slice(0, -1)};
	return isLive(visibleRun(context, ui))
		? say(
				{...closed, effects: [...ui.effects, {kind: 'abort'}]},
				'The run was asked to stop and to put back what it took away.',
				at,
			)
		: say(closed, 'The run has ended meanwhile.', at);
}
