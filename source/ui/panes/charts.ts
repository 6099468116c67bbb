import type {Series} from '../../state/types.ts';
import {formatBytes} from '../../text/bytes.ts';
import {formatShort} from '../../text/count.ts';
import {beside, type Colour, dim, exactly, fitLine, type Line, span} from '../line.ts';
import type {Model} from '../model.ts';
import {plotSeries} from '../plot.ts';
import {title} from '../widgets.ts';

const windowMs = 5 * 60_000;

/** The lag of the watched consumer and the bytes of the watched stream, over five minutes. */
export function charts(model: Model, columns: number, height: number): Line[] {
	const {config} = model;
	if (height >= 16 && columns < 100) {
		const upper = Math.ceil((height - 1) / 2);
		return [
			...exactly(lagChart(model, columns, upper), upper),
			[],
			...storageChart(model, columns, height - upper - 1),
		];
	}
	if (columns < 60) {
		return lagChart(model, columns, height);
	}
	const half = Math.floor((columns - 2) / 2);
	return beside(
		[
			{lines: lagChart(model, half, height), width: half},
			{lines: storageChart({...model, config}, columns - half - 2, height), width: columns - half - 2},
		],
		2,
	);
}

function lagChart(model: Model, columns: number, height: number): Line[] {
	const {history} = model.snapshot.state;
	const {lagWarn, lagCritical} = model.config.thresholds;
	const colour = colourOf(history.lag, lagWarn, lagCritical);
	const head = title('4 LAG  5 min', columns, model.ui.focus === 'charts');
	return chart(head, history.lag, model, columns, height, {colour, format: formatShort, binary: false});
}

function storageChart(model: Model, columns: number, height: number): Line[] {
	const {history, streams} = model.snapshot.state;
	const {storageWarnPercent, storageCriticalPercent} = model.config.thresholds;
	const maxBytes = streams[model.config.stream]?.maxBytes ?? -1;
	const limit = maxBytes > 0 ? maxBytes : undefined;
	const share = (percent: number) =>
		limit === undefined ? Number.POSITIVE_INFINITY : (limit * percent) / 100;
	const colour = colourOf(history.storage, share(storageWarnPercent), share(storageCriticalPercent));
	const head = title('STORAGE  5 min', columns);
	return chart(head, history.storage, model, columns, height, {
		colour,
		format: formatBytes,
		binary: true,
		limit,
	});
}

function colourOf(series: Series, warn: number, critical: number): Colour | undefined {
	const value = series.at(-1)?.value ?? 0;
	return value >= critical ? 'red' : value >= warn ? 'yellow' : undefined;
}

type Look = {colour?: Colour; format: (value: number) => string; binary: boolean; limit?: number};

function chart(
	head: Line,
	series: Series,
	model: Model,
	columns: number,
	height: number,
	look: Look,
): Line[] {
	const {colour, ...options} = look;
	const rows = plotSeries(series, columns, height - 1, {...options, now: model.snapshot.now, windowMs});
	if (!rows) {
		const last = series.at(-1);
		const words = last && Number.isFinite(last.value) ? `${look.format(last.value)} now` : 'no sample yet';
		return [head, fitLine([span(words, dim)], columns)];
	}
	return [head, ...rows.map((row) => fitLine([span(row, colour ? {colour} : undefined)], columns))];
}
