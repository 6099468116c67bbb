import type {LogLine} from '../../state/types.ts';
import {formatTimeOfDay} from '../../text/duration.ts';
import {width} from '../../text/fit.ts';
import {selectedId, shownLogs} from '../items.ts';
import {
	type Colour,
	dim,
	fitLine,
	inverse,
	type Line,
	left,
	plainText,
	red,
	restyle,
	type Span,
	type Style,
	span,
} from '../line.ts';
import type {Model} from '../model.ts';
import {title, windowOf} from '../widgets.ts';

const rotation: Colour[] = ['cyan', 'blue', 'magenta', 'green'];

/** The log lines of the followed services, the newest at the bottom. */
export function logs(model: Model, columns: number, height: number): Line[] {
	const {ui, config} = model;
	const focused = ui.focus === 'logs';
	const lines = shownLogs(model, ui);
	const head = logTitle(model, lines, columns, focused);
	if (lines.length === 0) {
		return [head, fitLine([span(emptyWords(model), dim)], columns)];
	}
	const items = lines.map((line) => ({id: String(line.seq), text: ''}));
	const selected = ui.frozen ? selectedId('logs', items, ui) : undefined;
	const chosen = selected === undefined ? lines.length - 1 : items.findIndex(({id}) => id === selected);
	const {from, to} = ui.frozen
		? windowOf(lines.length, chosen, height - 1)
		: {from: Math.max(0, lines.length - height + 1), to: lines.length};
	const names = ui.logServices.map((service) => shortName(service, config.docker.project));
	const nameWidth = Math.min(14, Math.max(...names.map(width)));
	return [
		head,
		...lines.slice(from, to).map((line) => {
			const row = fitLine(logRow(line, model, nameWidth), columns);
			return focused && String(line.seq) === selected ? restyle(row, inverse) : row;
		}),
	];
}

/** The service without the project that all of them share in their names. */
export function shortName(service: string, project: string): string {
	const prefix = `${project}-`;
	return service.startsWith(prefix) && service.length > prefix.length
		? service.slice(prefix.length)
		: service;
}

function logTitle({snapshot, ui}: Model, lines: LogLine[], columns: number, focused: boolean): Line {
	const {state, now} = snapshot;
	const perMinute = ui.logServices
		.flatMap((service) => Object.values(state.logs.matches[service] ?? {}))
		.flat()
		.filter((at) => at > now - 60_000).length;
	const newest = ui.frozen?.at(-1)?.seq ?? Number.POSITIVE_INFINITY;
	const later = state.logs.lines.filter(
		(line) => line.seq > newest && ui.logServices.includes(line.service),
	).length;
	const needle = ui.search.toLowerCase();
	const hits = ui.search === '' ? 0 : lines.filter(({text}) => text.toLowerCase().includes(needle)).length;
	const parts = [
		ui.logServices.join(', '),
		ui.frozen ? `frozen${later > 0 ? `, ${later} new` : ''}` : 'following',
		...(perMinute > 0 ? [`${perMinute} matches/min`] : []),
		...(ui.filters.logs ? [`filter: ${ui.filters.logs}`] : []),
		...(ui.search === '' ? [] : [`/${ui.search}: ${hits} lines`]),
	];
	return title(`5 LOGS  ${parts.join('  ')}`, columns, focused);
}

function emptyWords({snapshot, ui}: Model): string {
	if (ui.filters.logs) {
		return 'no line matches the filter';
	}
	const {sources} = snapshot.state;
	const down = ui.logServices.find((service) => sources[`logs:${service}`]?.status === 'down');
	if (down) {
		return `logs of ${down}: ${sources[`logs:${down}`]?.error ?? 'not read'}`;
	}
	const docker = sources['docker'];
	if (docker?.status === 'down') {
		return `docker: ${docker.error ?? 'down'}`;
	}
	return docker?.status === 'up' ? 'no line yet' : 'starting…';
}

function logRow(line: LogLine, model: Model, nameWidth: number): Line {
	const {config, ui} = model;
	const {service, at, text, matches} = line;
	return [
		span(formatTimeOfDay(at), dim),
		span('  '),
		left(shortName(service, config.docker.project), nameWidth, {colour: colourOf(service, model)}),
		span('  '),
		...highlight(text, matches, {...red, inverse: true}).flatMap((part) =>
			ui.search === '' || part.style
				? [part]
				: highlight(part.text, [ui.search], {colour: 'yellow', inverse: true}),
		),
	];
}

function colourOf(service: string, {snapshot, config}: Model): Colour {
	const names = Object.keys(snapshot.state.services).filter((name) => name !== config.nats.service);
	const index = service === config.nats.service ? 0 : 1 + names.sort().indexOf(service);
	return rotation[index % rotation.length] ?? 'cyan';
}

/** The text in spans, with every occurrence of the needles, in any case, in the given style. */
export function highlight(text: string, needles: string[], style: Style): Span[] {
	const lower = text.toLowerCase();
	const spans: Span[] = [];
	let from = 0;
	// Lower case can be longer than upper case (`İ`): then positions would not match.
	while (lower.length === text.length) {
		const hits = needles
			.map((needle) => ({at: lower.indexOf(needle.toLowerCase(), from), size: needle.length}))
			.filter(({at, size}) => at >= 0 && size > 0)
			.sort((a, b) => a.at - b.at || b.size - a.size);
		const [hit] = hits;
		if (!hit) {
			break;
		}
		spans.push(span(text.slice(from, hit.at)), span(text.slice(hit.at, hit.at + hit.size), style));
		from = hit.at + hit.size;
	}
	spans.push(span(text.slice(from)));
	return spans.filter((part) => plainText([part]) !== '');
}
