import {plot} from 'asciichart';
import type {Series} from '../state/types.ts';
import {padStart, width} from '../text/fit.ts';

/** What a chart shows: the last `windowMs` of a series, from nothing up to `top`. */
export type PlotOptions = {
	now: number;
	windowMs: number;
	/** A level drawn as a dashed line where it is inside the chart. */
	limit?: number;
	/** How a label of the axis is written. */
	format: (value: number) => string;
	/** Whether its steps are round in powers of two, as bytes are, or of ten. */
	binary: boolean;
};

/** How long a value holds after its sample: where nothing is known any more, the line ends. */
const holdMs = 15_000;

/**
The series as exactly `height` rows of at most `columns`, or undefined where there is nothing to draw.
asciichart throws on no values and on what is not a number, and without a height it draws as many rows as the
values span: all three are settled here.
*/
export function plotSeries(
	series: Series,
	columns: number,
	height: number,
	options: PlotOptions,
): string[] | undefined {
	const {now, windowMs, format, binary} = options;
	const samples = series.filter(
		({at, value}) => Number.isFinite(value) && value >= 0 && at > now - windowMs - holdMs,
	);
	if (samples.length === 0 || height < 3) {
		return undefined;
	}
	const steps = height - 1;
	const largest = Math.max(...samples.map(({value}) => value));
	const limit =
		options.limit !== undefined && options.limit > 0 && options.limit <= largest * 2
			? options.limit
			: undefined;
	const top =
		limit === undefined || largest > limit ? roundStep(Math.max(largest / steps, 1), binary) * steps : limit;
	const labels = Array.from({length: height}, (_, row) => format((top * (steps - row)) / steps));
	const labelWidth = Math.max(...labels.map(width));
	const room = columns - labelWidth - 2;
	if (room < 8) {
		return undefined;
	}
	const {values, blank} = resample(samples, room, now, windowMs);
	if (values.length < 2) {
		return undefined;
	}
	const drawn = plot(
		values.map((value) => value / top),
		// A label shorter than one column would shift its row.
		{min: 0, max: 1, height: steps, offset: 2, format: () => ' '},
	).split('\n');
	const limitRow = limit === undefined ? -1 : Math.round(steps - (limit / top) * steps);
	return drawn.slice(0, height).map((row, index) => {
		const body = ' '.repeat(blank) + row.slice(2);
		const line = index === limitRow ? body.padEnd(room).replaceAll(' ', '╌') : body;
		return `${padStart(labels[index] ?? '', labelWidth)} ${index === steps ? '┼' : '┤'}${line}`.slice(
			0,
			columns,
		);
	});
}

/** One value a column. The columns lie at fixed times, so that the line stands still between two of them. */
function resample(
	samples: Series,
	columns: number,
	now: number,
	windowMs: number,
): {values: number[]; blank: number} {
	const stepMs = windowMs / columns;
	const end = Math.ceil(now / stepMs);
	const values: number[] = [];
	let blank = 0;
	let next = 0;
	let last: Series[number] | undefined;
	for (let column = 0; column <= columns; column++) {
		const time = (end - columns + column) * stepMs;
		while (next < samples.length && samples[next]!.at <= time) {
			last = samples[next];
			next++;
		}
		if (!last) {
			blank++;
		} else if (time - last.at <= Math.max(holdMs, 2 * stepMs)) {
			values.push(last.value);
		}
	}
	return {values, blank};
}

/** The smallest round number that is not smaller than `step`. */
export function roundStep(step: number, binary: boolean): number {
	if (binary) {
		const size = 2 ** Math.ceil(Math.log2(Math.max(step, 1)));
		return size * 0.75 >= step ? size * 0.75 : size;
	}
	const size = 10 ** Math.floor(Math.log10(step));
	const factors = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
	return factors.map((factor) => factor * size).find((round) => round >= step * 0.999_999) ?? step;
}
