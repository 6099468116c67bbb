import {isBlind} from '../../state/reading.ts';
import type {ConsumerState, StreamState} from '../../state/types.ts';
import {formatBytes} from '../../text/bytes.ts';
import {formatCount, formatRate, formatShort} from '../../text/count.ts';
import {formatAge} from '../../text/duration.ts';
import {padEnd, width} from '../../text/fit.ts';
import {orderedStreams, paneItems, selectedId} from '../items.ts';
import {
	bold,
	dim,
	fitLine,
	green,
	inverse,
	type Line,
	red,
	redBold,
	restyle,
	right,
	type Span,
	type Style,
	span,
	yellow,
} from '../line.ts';
import type {Model} from '../model.ts';
import {bar, emptyReason, shownOf, staleAge, title, windowOf} from '../widgets.ts';

// Number, noun, bar or growth, and what binds: `1,240,112 msgs  ████████ 100 % of 64 MiB`.
const tailWidth = 1 + 4 + 2 + 8 + 1 + 16;
// Where that leaves no room for names: number, noun, and the share or the growth alone.
const narrowTailWidth = 1 + 4 + 2 + 8;

const isNarrow = (columns: number): boolean => columns < tailWidth + 20;
const tailOf = (columns: number): number => (isNarrow(columns) ? narrowTailWidth : tailWidth);

/** The streams, each with its consumers under it. */
export function streams(model: Model, columns: number, height: number): Line[] {
	const {snapshot, ui} = model;
	const {state, now} = snapshot;
	const focused = ui.focus === 'streams';
	const source = state.sources['nats'];
	const items = paneItems('streams', model, ui);
	const shown = new Set(items.map(({id}) => id));
	const rows = streamRows(model, columns).filter(({id}) => shown.has(id));
	const filter = ui.filters.streams;
	const extra: Line = filter ? [span(`  filter: ${filter}`)] : [];
	const name = '2 STREAMS AND CONSUMERS';
	if (rows.length === 0) {
		const none = filter ? 'nothing matches the filter' : 'the account has no stream';
		return [
			title(name, columns, focused, extra),
			fitLine(
				emptyReason(
					'nats',
					state.nats.connection.error ? withError(source, state.nats.connection.error) : source,
					now,
					none,
				),
				columns,
			),
		];
	}
	const stale = staleAge(Math.max(...Object.values(state.streams).map(({at}) => at)), source, now);
	if (stale !== undefined) {
		extra.push(span(`  (as of ${formatAge(stale)} ago)`, red));
	}
	const selected = selectedId('streams', items, ui);
	const {from, to} = windowOf(
		rows.length,
		rows.findIndex(({id}) => id === selected),
		height - 1,
	);
	return [
		title(name, columns, focused, [...extra, ...shownOf(from, to, rows.length)]),
		...rows.slice(from, to).map(({id, line}) => {
			const row = fitLine(line(), columns);
			if (focused && id === selected) {
				return restyle(row, inverse);
			}
			return stale === undefined ? row : restyle(row, dim);
		}),
	];
}

function withError<Source extends {error?: string} | undefined>(source: Source, error: string): Source {
	return source && !source.error ? {...source, error} : source;
}

/** All rows, each drawn only when it is asked for: of a thousand streams a dozen are on the screen. */
function streamRows(model: Model, columns: number): {id: string; line: () => Line}[] {
	return orderedStreams(model).flatMap(({stream, consumers}) => [
		{id: stream.name, line: () => streamRow(stream, model, columns)},
		...consumers.map((consumer) => ({
			id: `${stream.name}/${consumer.name}`,
			line: () => consumerRow(consumer, model, columns),
		})),
	]);
}

/** The name at the left and the figure at the right of one cell: a long name may use what a short figure leaves. */
function headCell(name: Span[], figure: Span, columns: number): Line {
	const size = width(figure.text);
	return [...fitLine(name, Math.max(0, columns - size - 1)), span(' '), figure];
}

function streamRow(stream: StreamState, model: Model, columns: number): Line {
	if (!stream.present) {
		const since = formatAge(model.snapshot.now - stream.at);
		return [span(stream.name, bold), ...absence(stream, since)];
	}
	const head = headCell(
		[span(stream.name, bold)],
		span(formatCount(stream.messages)),
		columns - tailOf(columns),
	);
	const line: Line = [...head, span(' msgs  ')];
	if (isNarrow(columns)) {
		return [...line, shareOf(stream, model)];
	}
	const used = usage(stream, model);
	if (used === undefined) {
		return [...line, span(' '.repeat(9)), right(`${formatBytes(stream.bytes)}, no limit`, 16, dim)];
	}
	const {percent, words, style, limit} = used;
	return [
		...line,
		...bar(percent / 100, 8, {colour: style?.colour ?? 'green'}),
		right(words, 6, style),
		span(' of '),
		right(limit, 7),
	];
}

/** Only what the server says is not there has vanished; of what could not be read nobody knows. */
const absence = ({reading}: Pick<StreamState, 'reading'>, since: string): Span[] =>
	isBlind(reading)
		? [span('  not read', dim), span(`: last seen ${since} ago`, dim)]
		: [span('  vanished', redBold), span(`: last seen ${since} ago`, red)];

/** How much of its limit a stream holds: of bytes, or of messages where that is nearer; undefined where it has none. */
function usage(
	{bytes, maxBytes, messages, maxMessages}: StreamState,
	{config}: Model,
): {percent: number; words: string; style?: Style; limit: string} | undefined {
	const limits = [
		...(maxBytes > 0 ? [{percent: (100 * bytes) / maxBytes, limit: formatBytes(maxBytes)}] : []),
		...(maxMessages > 0 ? [{percent: (100 * messages) / maxMessages, limit: formatShort(maxMessages)}] : []),
	].sort((one, other) => other.percent - one.percent);
	const [nearest] = limits;
	if (nearest === undefined) {
		return undefined;
	}
	const {percent, limit} = nearest;
	const {storageCriticalPercent, storageWarnPercent} = config.thresholds;
	// 99.9 % of a limit is not full: only what has reached it says 100 %.
	const shown = percent < 100 ? Math.min(99, Math.round(percent)) : Math.round(percent);
	const style =
		percent >= storageCriticalPercent ? redBold : percent >= storageWarnPercent ? yellow : undefined;
	return {percent, words: `${shown} %`, style, limit};
}

function shareOf(stream: StreamState, model: Model): Span {
	const used = usage(stream, model);
	return used === undefined ? right(formatBytes(stream.bytes), 8, dim) : right(used.words, 8, used.style);
}

function consumerRow(consumer: ConsumerState, model: Model, columns: number): Line {
	const name: Line = [span('└ ', dim), span(consumer.name)];
	if (!consumer.present) {
		const since = formatAge(model.snapshot.now - consumer.at);
		return [...name, ...absence(consumer, since)];
	}
	const {lagWarn, lagCritical} = model.config.thresholds;
	const {lag, lagPerSecond = 0, ackPending, maxAckPending} = consumer;
	const lagStyle = lag >= lagCritical ? redBold : lag >= lagWarn ? yellow : undefined;
	const head = headCell(name, span(formatCount(lag), lagStyle), columns - tailOf(columns));
	if (isNarrow(columns)) {
		return [...head, span(' lag   '), growth(lagPerSecond)];
	}
	const full = maxAckPending > 0 && ackPending >= maxAckPending;
	const ack = `${formatCount(ackPending)}${maxAckPending > 0 ? `/${formatCount(maxAckPending)}` : ''}`;
	return [
		...head,
		span(' lag   '),
		growth(lagPerSecond),
		span(' '),
		...(consumer.paused
			? [right('paused', 16, yellow)]
			: [span('ack '), right(ack, 12, full ? redBold : undefined)]),
	];
}

/** Whether the lag grows or shrinks, and how fast; nothing while it stands still. */
function growth(perSecond: number): Span {
	if (Math.abs(perSecond) < 1) {
		return span(' '.repeat(8));
	}
	const rate = padEnd(formatRate(Math.abs(perSecond)), 7);
	// In ASCII the triangle of a warning is `!`, which says nothing of a direction.
	return perSecond > 0 ? {...span(`▲${rate}`, red), ascii: `^${rate}`} : span(`▼${rate}`, green);
}
