import type {Finding} from '../../diagnosis/finding.ts';
import type {SourceState} from '../../state/types.ts';
import {plural} from '../../text/count.ts';
import {formatAge} from '../../text/duration.ts';
import {width} from '../../text/fit.ts';
import {type FindingGroup, groupFindings, paneItems, selectedId} from '../items.ts';
import {bold, cyanBold, dim, fitLine, inverse, type Line, lineWidth, restyle, span} from '../line.ts';
import type {Model} from '../model.ts';
import {offerOf} from '../runbooks.ts';
import {mark, title} from '../widgets.ts';

/** What is wrong, worst first, the cause above what follows from it; as high as it needs, up to `maxHeight`. */
export function diagnosis(model: Model, columns: number, maxHeight: number): Line[] {
	const {ui} = model;
	const focused = ui.focus === 'diagnosis';
	const items = paneItems('diagnosis', model, ui);
	const known = new Set(items.map(({id}) => id));
	const groups = groupFindings(model.snapshot.findings).filter(({finding}) => known.has(finding.id));
	const filter = ui.filters.diagnosis;
	const head = (extra: Line = []) =>
		title('DIAGNOSIS', columns, focused, [...(filter ? [span(`  filter: ${filter}`)] : []), ...extra]);
	if (groups.length === 0) {
		const rows = filter ? [[span('no finding matches the filter', dim)]] : nothing(model);
		return [head(), ...rows.slice(0, maxHeight - 1).map((row) => fitLine(row, columns))];
	}
	const selected = focused ? selectedId('diagnosis', items, ui) : undefined;
	const remedies = groups.map(({finding}) => remedy(finding, model));
	const remedyWidth = Math.min(Math.floor(columns * 0.36), Math.max(...remedies.map(lineWidth)));
	const blocks = groups.map((group, index) => {
		const isSelected = group.finding.id === selected;
		return block(group, remedies[index] ?? [], remedyWidth, columns, isSelected);
	});
	// The window begins where the selected one is still inside.
	const chosen = Math.max(
		0,
		groups.findIndex(({finding}) => finding.id === selected),
	);
	let from = 0;
	while (from < chosen && blocks.slice(from, chosen + 1).flat().length > maxHeight - 1) {
		from++;
	}
	const rows: Line[] = [];
	let to = from;
	while (to < blocks.length && rows.length + blocks[to]!.length <= maxHeight - 1) {
		rows.push(...blocks[to]!);
		to++;
	}
	if (to === from) {
		rows.push(...blocks[from]!.slice(0, maxHeight - 1));
		to++;
	}
	const rest = blocks.length - (to - from);
	return [head(rest > 0 ? [span(`  +${rest} more, 6 to see`, bold)] : []), ...rows];
}

function block(
	group: FindingGroup,
	remedy: Line,
	remedyWidth: number,
	columns: number,
	selected: boolean,
): Line[] {
	const {finding, explained} = group;
	const tone = {critical: 'bad', warning: 'warn', unknown: 'off'} as const;
	const words: Line = [
		mark(tone[finding.severity]),
		span(' '),
		span(finding.title, bold),
		span(evidenceOf(finding)),
	];
	// Without a remedy the whole row is free for the evidence.
	const row: Line =
		lineWidth(remedy) === 0
			? fitLine(words, columns)
			: [...fitLine(words, columns - remedyWidth - 2), span('  '), ...fitLine(remedy, remedyWidth)];
	return [
		selected ? restyle(row, inverse) : row,
		...(explained.length > 0 ? [folded(explained, columns)] : []),
	];
}

const evidenceOf = (finding: Finding): string => (finding.evidence ? `: ${finding.evidence}` : '');

/** What follows from a cause, in one row; what does not fit is counted. */
function folded(explained: Finding[], columns: number): Line {
	const texts = explained.map((finding) => finding.title + evidenceOf(finding));
	let shown = '';
	let used = 0;
	for (const text of texts) {
		const longer = shown === '' ? text : `${shown} · ${text}`;
		const more = texts.length - used - 1;
		if (used > 0 && width(longer) + (more > 0 ? 9 : 0) > columns - 4) {
			break;
		}
		shown = longer;
		used++;
	}
	const rest = texts.length - used;
	return fitLine([span('  └ ', dim), span(rest > 0 ? `${shown} · +${rest}` : shown, dim)], columns);
}

function remedy(finding: Finding, {config}: Model): Line {
	const offer = offerOf(finding.runbook, config);
	if (offer) {
		// What must be done before it must not be read only after the key was pressed.
		const before = finding.advice ? [span(`, ${finding.advice}`, dim)] : [];
		return [span(offer.key, cyanBold), span(` ${offer.words}`), ...before];
	}
	return [span(finding.advice ?? '', dim)];
}

/** No finding: nothing is wrong only if everything was looked at. */
function nothing({snapshot}: Model): Line[] {
	const {state, now} = snapshot;
	const expected: Record<string, SourceState | undefined> = {
		docker: undefined,
		nats: undefined,
		...state.sources,
	};
	const down = Object.entries(expected).filter(([, source]) => source?.status === 'down');
	if (down.length > 0) {
		return down.map(([name, source]) => [
			mark('off'),
			span(' '),
			span(`${name} is unknown`, bold),
			span(` since ${formatAge(now - (source?.since ?? now))}`, dim),
			span(`: ${source?.error ?? 'no answer'}`),
		]);
	}
	const starting = Object.entries(expected).filter(([, source]) => source?.status !== 'up');
	if (starting.length > 0) {
		const names = starting.map(([name]) => name).join(', ');
		return [[mark('off'), span(' '), span('Not known yet', bold), span(`: waiting for ${names}`, dim)]];
	}
	const streams = Object.values(state.streams).filter(({present}) => present);
	const consumers = streams.flatMap((stream) =>
		Object.values(stream.consumers).filter(({present}) => present),
	);
	const endpoints =
		Object.keys(state.health).length + Object.keys(state.metrics).length + (state.nats.healthz ? 1 : 0);
	const seen = [
		plural(Object.keys(state.services).length, 'container'),
		plural(streams.length, 'stream'),
		plural(consumers.length, 'consumer'),
		plural(endpoints, 'endpoint'),
	];
	return [[mark('ok'), span(' '), span('Nothing is wrong', bold), span(`: ${seen.join(', ')}`, dim)]];
}
