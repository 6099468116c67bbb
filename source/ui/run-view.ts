import {isLive, type RunState, wasKilled} from '../state/run.ts';
import type {Context, UiState} from './model.ts';

/**
The run that the screen shows by itself or was asked to show: one that goes on, one that ended since this
console was started, or one that was killed and left services stopped.
*/
export function visibleRun({snapshot}: Pick<Context, 'snapshot'>, ui: UiState): RunState | undefined {
	const {run, startedAt} = snapshot.state;
	if (!run || ui.hiddenRun === run.id) {
		return undefined;
	}
	if (ui.shownRun === run.id || isLive(run)) {
		return run;
	}
	if (wasKilled(run)) {
		return run.stopped.length > 0 || run.at >= startedAt ? run : undefined;
	}
	return (run.endedAt ?? run.at) >= startedAt ? run : undefined;
}
