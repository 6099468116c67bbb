import {isCluster} from '../../config/nodes.ts';
import type {HealthState, MetricsState, NatsState} from '../../state/types.ts';
import {formatCount} from '../../text/count.ts';
import {formatAge} from '../../text/duration.ts';
import {width} from '../../text/fit.ts';
import {paneItems, selectedId} from '../items.ts';
import {dim, fitLine, inverse, type Line, red, restyle, span, spread} from '../line.ts';
import type {Model} from '../model.ts';
import {nodeRows} from '../node-rows.ts';
import {emptyReason, mark, shownOf, staleAfterMs, type Tone, title, toneStyle, windowOf} from '../widgets.ts';

type Row = {
	id: string;
	name: string;
	tone: Tone;
	words: string;
	at: number;
	since: number;
	elapsedMs: number;
};

/** What the endpoints say: the server's own healthz, the services' health, the metrics. */
export function health(model: Model, columns: number, height: number): Line[] {
	const {snapshot, ui} = model;
	const {state, now} = snapshot;
	const focused = ui.focus === 'health';
	const items = paneItems('health', model, ui);
	const rows = healthRows(model).filter(({id}) => items.some((item) => item.id === id));
	const filter = ui.filters.health;
	const extra: Line = filter ? [span(`  filter: ${filter}`)] : [];
	if (rows.length === 0) {
		const none = filter ? 'no endpoint matches the filter' : 'no endpoint is configured';
		const line = emptyReason('monitor', state.sources['monitor'], now, none);
		return [title('3 HEALTH', columns, focused, extra), fitLine(line, columns)];
	}
	const selected = selectedId('health', items, ui);
	const {from, to} = windowOf(
		rows.length,
		rows.findIndex(({id}) => id === selected),
		height - 1,
	);
	const nameWidth = Math.min(Math.floor(columns * 0.35), Math.max(...rows.map(({name}) => width(name))));
	return [
		title('3 HEALTH', columns, focused, [...extra, ...shownOf(from, to, rows.length)]),
		...rows.slice(from, to).map((row) => {
			const line = healthRow(row, nameWidth, now, columns);
			return focused && row.id === selected ? restyle(line, inverse) : line;
		}),
	];
}

function healthRow(
	{name, tone, words, at, since, elapsedMs}: Row,
	nameWidth: number,
	now: number,
	columns: number,
): Line {
	const age = now - at;
	const isStale = age > staleAfterMs;
	const end = isStale
		? span(` ${formatAge(age)} old`, red)
		: span(` ${tone === 'ok' ? formatCalm(elapsedMs) : formatAge(now - since)}`, dim);
	const start: Line = [
		mark(isStale ? 'off' : tone),
		span(' '),
		...fitLine([span(name)], nameWidth),
		span('  '),
		span(words, isStale ? dim : toneStyle[tone]),
	];
	return spread(start, [end], columns);
}

/** An answer's time so coarse that it stands still while nothing is wrong. */
function formatCalm(elapsedMs: number): string {
	if (elapsedMs < 10) {
		return '<10 ms';
	}
	const step = 10 ** Math.floor(Math.log10(elapsedMs));
	return `${Math.round(elapsedMs / step) * step} ms`;
}

function healthRows({snapshot, config}: Model): Row[] {
	const {state} = snapshot;
	return [
		...(!isCluster(config) && state.nats.healthz ? [healthzRow(state.nats.healthz)] : []),
		...nodeRows({snapshot, config}),
		...Object.values(state.health).map(healthEndpointRow),
		...Object.values(state.metrics).map((metrics) => {
			const metric = config.metrics.find(({name}) => name === metrics.name)?.lag ?? 'lag';
			return metricsRow(metrics, metric.replace(/_(messages|total|count)$/, ''));
		}),
	];
}

function healthzRow(healthz: NonNullable<NatsState['healthz']>): Row {
	const tone = {ok: 'ok', booting: 'warn', unavailable: 'bad', unreachable: 'bad'} as const;
	const words = {
		ok: 'healthz ok',
		booting: 'booting',
		unavailable: 'unavailable',
		unreachable: 'unreachable',
	};
	const detail = healthz.status === 'ok' || !healthz.error ? '' : `: ${healthz.error}`;
	return {
		...healthz,
		id: 'nats',
		name: 'nats',
		tone: tone[healthz.status],
		// Somebody answers there: it is not away, and how it is is not known.
		words: healthz.answers ? (healthz.error ?? 'could not be read') : words[healthz.status] + detail,
	};
}

function healthEndpointRow(endpoint: HealthState): Row {
	const {name, status, detail} = endpoint;
	return {
		...endpoint,
		id: `health:${name}`,
		tone: status === 'healthy' ? 'ok' : 'bad',
		words: detail || status,
	};
}

function metricsRow(metrics: MetricsState, label: string): Row {
	const {name, status, detail, lagMessages} = metrics;
	const ok = status === 'ok';
	const words = ok && lagMessages !== undefined ? `${label} ${formatCount(lagMessages)}` : detail || status;
	const tone = ok ? 'ok' : status === 'missing' ? 'warn' : 'bad';
	return {...metrics, id: `metrics:${name}`, tone, words};
}
