import type {RunState} from '../../state/run.ts';
import {beside, exactly, type Line} from '../line.ts';
import type {Model} from '../model.ts';
import {containers} from '../panes/containers.ts';
import {logs} from '../panes/logs.ts';
import {runDetails, runPane} from '../panes/run.ts';
import {streams} from '../panes/streams.ts';
import {tables, wanted, wideColumns} from './watch.ts';

/** The run in the lower half; the tables above it and the logs under it stay live. */
export function runScreen(run: RunState, model: Model, columns: number, height: number): Line[] {
	// Nothing can be selected while the run has the keys.
	const quiet: Model = {...model, ui: {...model.ui, focus: 'diagnosis'}};
	if (model.ui.runDetails) {
		return exactly(runDetails(run, quiet, columns, height), height);
	}
	const blank: Line[] = height >= 28 ? [[]] : [];
	const {containers: services, streams: stored} = wanted(quiet);
	const upper =
		columns >= wideColumns
			? tables(quiet, columns, Math.floor(height / 3))
			: small(quiet, columns, Math.min(Math.floor(height / 3), Math.max(services, stored)));
	const room = height - upper.length - blank.length;
	const lower = runPane(run, quiet, columns, room);
	const rest = room - lower.length - blank.length;
	const below = rest >= 3 ? [...blank, ...exactly(logs(quiet, columns, rest), rest)] : [];
	return exactly([...upper, ...blank, ...lower, ...below], height);
}

/** The tables in half the width each: names and states, which is what a run changes. */
function small(model: Model, columns: number, height: number): Line[] {
	const half = Math.floor((columns - 2) / 2);
	const rest = columns - 2 - half;
	return beside(
		[
			{lines: exactly(containers(model, half, height), height), width: half},
			{lines: exactly(streams(model, rest, height), height), width: rest},
		],
		2,
	);
}
