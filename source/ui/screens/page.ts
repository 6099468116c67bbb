import {bindingsOf, labelOf} from '../keys/bindings.ts';
import {cyanBold, dim, exactly, fitLine, type Line, left, span} from '../line.ts';
import type {Mode, Model} from '../model.ts';
import {originFacts} from '../origin.ts';
import {title} from '../widgets.ts';
import {detailRows, logLine} from './detail.ts';

/** A page that scrolls: the detail of a row, or the help; as exactly `height` rows. */
export function pageScreen(model: Model, columns: number, height: number): Line[] {
	const rows = pageRows(model, columns);
	const body = height - 1;
	const from = Math.max(0, Math.min(model.ui.scroll, rows.length - body));
	const words = model.ui.overlays.at(-1) === 'help' ? 'HELP' : `DETAIL  ${detailName(model)}`;
	const extra =
		rows.length > body ? [span(`  ${from + 1}-${Math.min(rows.length, from + body)} of ${rows.length}`)] : [];
	return exactly(
		[
			title(words, columns, true, extra),
			...rows.slice(from, from + body).map((row) => fitLine(row, columns)),
		],
		height,
	);
}

/** What the detail is of. The id of a log line is a number that says nothing. */
function detailName({snapshot, ui}: Model): string {
	const {pane, id = ''} = ui.detail ?? {};
	return pane === 'logs' ? `log of ${logLine(id, ui, snapshot.state)?.service ?? 'a container'}` : id;
}

/** All rows of the page. */
export function pageRows(model: Model, columns: number): Line[] {
	return model.ui.overlays.at(-1) === 'help' ? helpRows(model, columns) : detailRows(model, columns);
}

const chapters: {words: string; modes: Mode[]}[] = [
	{words: 'Watching', modes: ['watch']},
	{words: 'In a plan', modes: ['plan-key', 'plan-type', 'plan-wait']},
	{words: 'During a run', modes: ['run', 'abort']},
	{words: 'Search and filter', modes: ['search', 'filter']},
	{words: 'Detail, help and menu', modes: ['detail', 'help', 'menu']},
];

function helpRows(model: Model, columns: number): Line[] {
	const rows: Line[] = [
		[span('Lower case is always safe; upper case changes something, and asks before.')],
		...originFacts(model).flatMap(([name, value]) =>
			value === undefined ? [] : [fitLine([left(name, 14, dim), span(value)], columns)],
		),
		[],
	];
	const seen = new Set<string>();
	for (const {words, modes} of chapters) {
		const cells = bindingsOf(model.config).flatMap((binding) => {
			const label = labelOf(binding, model);
			const shown = binding.shown ?? binding.keys.join(' ');
			// What means the same in several chapters is told in the first; esc and enter mean their own in each.
			const name = `${shown} ${binding.command}`;
			if (!binding.modes.some((mode) => modes.includes(mode)) || seen.has(name)) {
				return [];
			}
			seen.add(name);
			return [fitLine([left(shown, 11, cyanBold), span(label)], 38)];
		});
		const across = Math.max(1, Math.floor(columns / 38));
		const deep = Math.ceil(cells.length / across);
		rows.push([span(words, {bold: true})]);
		for (let row = 0; row < deep; row++) {
			rows.push([
				span('  '),
				...Array.from({length: across}, (_, column) => cells[column * deep + row] ?? []).flat(),
			]);
		}
		rows.push([]);
	}
	return rows.slice(0, -1);
}
