import {orderedStreams, paneItems} from '../items.ts';
import {beside, exactly, type Line} from '../line.ts';
import type {Model, PaneId} from '../model.ts';
import {charts} from '../panes/charts.ts';
import {containers} from '../panes/containers.ts';
import {diagnosis} from '../panes/diagnosis.ts';
import {health} from '../panes/health.ts';
import {logs} from '../panes/logs.ts';
import {streams} from '../panes/streams.ts';

/** From here on the tables stand side by side, and the logs beside them. */
export const wideColumns = 108;
const veryWideColumns = 156;

const gap = 2;

type Pane = (model: Model, columns: number, height: number) => Line[];

const panes: Record<PaneId, Pane> = {containers, streams, health, charts, logs, diagnosis};

/** The watch screen: everything at once, as exactly `height` rows. */
export function watchScreen(model: Model, columns: number, height: number): Line[] {
	if (model.ui.enlarged) {
		return exactly(panes[model.ui.focus](model, columns, height), height);
	}
	const top = diagnosis(model, columns, Math.floor(height / 3));
	// On a small screen every row is needed; the hairlines keep the panes apart.
	const blank: Line[] = height >= 28 ? [[]] : [];
	const rest = height - top.length - blank.length;
	const below =
		columns >= veryWideColumns
			? besideLogs(model, columns, rest, blank)
			: columns >= wideColumns
				? sideBySide(model, columns, rest, blank)
				: stacked(model, columns, rest, blank);
	return exactly([...top, ...blank, ...below], height);
}

/** How many rows the two tables want, with their titles. */
export function wanted(model: Model): {containers: number; streams: number} {
	const rows = (pane: PaneId) => 1 + Math.max(1, paneItems(pane, model, {...model.ui, filters: {}}).length);
	const shown = orderedStreams(model);
	return {containers: rows('containers'), streams: shown.length === 0 ? 2 : rows('streams')};
}

/** Containers and streams side by side, as high as the higher one. */
export function tables(model: Model, columns: number, maxHeight: number): Line[] {
	const {containers: services, streams: stored} = wanted(model);
	const height = Math.min(maxHeight, Math.max(services, stored));
	// What 59 columns hold of a stream, they hold whole; the containers can do without their memory.
	const half = Math.max(47, Math.min(columns - gap - 60, Math.floor((columns - gap) / 2) - 2));
	const rest = columns - gap - half;
	return beside(
		[
			{lines: exactly(containers(model, half, height), height), width: half},
			{lines: exactly(streams(model, rest, height), height), width: rest},
		],
		gap,
	);
}

function healthAndCharts(model: Model, columns: number, height: number): Line[] {
	const side = Math.min(44, Math.max(36, Math.floor(columns * 0.32)));
	const rest = columns - gap - side;
	return beside(
		[
			{lines: exactly(health(model, side, height), height), width: side},
			{lines: exactly(charts(model, rest, height), height), width: rest},
		],
		gap,
	);
}

function sideBySide(model: Model, columns: number, height: number, blank: Line[]): Line[] {
	const upper = tables(model, columns, Math.max(4, Math.floor(height / 2) - 2));
	const rest = height - upper.length - blank.length;
	const middle = Math.min(12, Math.max(7, Math.floor(height / 4)));
	const room = rest - middle - blank.length;
	if (room < 5) {
		const lower =
			model.ui.bottom === 'logs' ? logs(model, columns, rest) : healthAndCharts(model, columns, rest);
		return [...upper, ...blank, ...exactly(lower, rest)];
	}
	return [
		...upper,
		...blank,
		...healthAndCharts(model, columns, middle),
		...blank,
		...exactly(logs(model, columns, room), room),
	];
}

function besideLogs(model: Model, columns: number, height: number, blank: Line[]): Line[] {
	const side = Math.max(60, Math.floor(columns * 0.41));
	const main = columns - gap - side;
	const upper =
		main >= wideColumns
			? tables(model, main, Math.floor(height / 2))
			: stackedTables(model, main, Math.floor((2 * height) / 3), blank);
	const rest = height - upper.length - blank.length;
	return beside(
		[
			{lines: [...upper, ...blank, ...exactly(healthAndCharts(model, main, rest), rest)], width: main},
			{lines: exactly(logs(model, side, height), height), width: side},
		],
		gap,
	);
}

/** Containers above streams; where both do not fit, the higher one gives way. */
function stackedTables(model: Model, columns: number, maxHeight: number, blank: Line[]): Line[] {
	let {containers: upper, streams: lower} = wanted(model);
	const room = maxHeight - blank.length;
	while (upper + lower > room && (upper > 3 || lower > 3)) {
		if (upper >= lower) {
			upper--;
		} else {
			lower--;
		}
	}
	return [
		...exactly(containers(model, columns, upper), upper),
		...blank,
		...exactly(streams(model, columns, lower), lower),
	];
}

function stacked(model: Model, columns: number, height: number, blank: Line[]): Line[] {
	const upper = stackedTables(model, columns, height - 5 - blank.length, blank);
	const rest = height - upper.length - blank.length;
	return [...upper, ...blank, ...exactly(panes[model.ui.bottom](model, columns, rest), rest)];
}
