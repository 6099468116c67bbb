import {describe, expect, test} from 'vitest';
import {formatBytes} from '../../source/text/bytes.ts';
import {formatShort} from '../../source/text/count.ts';
import {width} from '../../source/text/fit.ts';
import {charts} from '../../source/ui/panes/charts.ts';
import {type PlotOptions, plotSeries, roundStep} from '../../source/ui/plot.ts';
import {healthy, incident, model, now, series} from './fixture.ts';
import {textOf} from './text.ts';

const counts: PlotOptions = {now, windowMs: 300_000, format: formatShort, binary: false};
const bytes: PlotOptions = {...counts, format: formatBytes, binary: true};

test.each([
	['nothing', []],
	['what is not a number', [{at: now, value: Number.NaN}]],
	['what has no end', [{at: now, value: Number.POSITIVE_INFINITY}]],
	['what is long ago', [{at: now - 3_600_000, value: 5}]],
])('draws nothing from %s', (_name, samples) => {
	expect(plotSeries(samples, 40, 6, counts)).toBeUndefined();
});

test.each([
	['zeros', series(() => 0)],
	['a jump', series((share) => (share < 0.5 ? 1 : 100_000))],
	['huge values', series((share) => share * Number.MAX_SAFE_INTEGER)],
	['fractions', series((share) => share / 7)],
	['one gap', series((share) => (share > 0.3 && share < 0.6 ? Number.NaN : 5))],
])('draws %s in the room that it has', (_name, samples) => {
	for (const [columns, height] of [
		[20, 3],
		[40, 6],
		[90, 20],
	] as const) {
		const rows = plotSeries(samples, columns, height, counts)!;
		expect(rows).toHaveLength(height);
		expect(rows.every((row) => width(row) <= columns)).toBe(true);
	}
});

test('labels the axis from nothing to the top', () => {
	const rows = plotSeries(
		series(() => 12_301),
		40,
		6,
		counts,
	)!;
	expect(rows.map((row) => row.trim().split(' ')[0])).toEqual([
		'12.5k',
		'10.0k',
		'7.5k',
		'5.0k',
		'2.5k',
		'0',
	]);
	expect(rows[0]).toContain('───');
});

test('rows are aligned: a rising line never goes back', () => {
	const rows = plotSeries(
		series((share) => share * 1000),
		60,
		8,
		counts,
	)!;
	const starts = rows.map((row) => row.search(/[╭─]/)).filter((at) => at >= 0);
	expect(starts).toEqual([...starts].sort((a, b) => b - a));
});

test('draws the limit where it is near, and not where it is far', () => {
	const mebi = 1024 ** 2;
	expect(
		plotSeries(
			series(() => 50 * mebi),
			40,
			6,
			{...bytes, limit: 64 * mebi},
		)!.join(''),
	).toContain('╌');
	expect(
		plotSeries(
			series(() => mebi),
			40,
			6,
			{...bytes, limit: 64 * mebi},
		)!.join(''),
	).not.toContain('╌');
});

test('a short history stands at the right', () => {
	const rows = plotSeries(
		series(() => 10, 1),
		60,
		4,
		counts,
	)!;
	const line = rows.find((row) => row.includes('──'))!;
	expect(line).toMatch(/[┤┼] {30,}─+$/);
});

test('does not move while nothing changes', () => {
	const flat = series(() => 7);
	const stepMs = 300_000 / 55;
	const begin = Math.ceil(now / stepMs) * stepMs - stepMs + 1;
	const draw = (later: number) => plotSeries(flat, 60, 4, {...counts, now: begin + later});
	expect(draw(0)).toEqual(draw(1000));
});

test('the line ends where nothing is known any more', () => {
	const old = series(() => 7).filter(({at}) => at < now - 60_000);
	const flat = plotSeries(old, 60, 4, counts)!.find((row) => row.includes('──'))!;
	const full = plotSeries(
		series(() => 7),
		60,
		4,
		counts,
	)!.find((row) => row.includes('──'))!;
	expect(flat.trimEnd().length).toBeLessThan(full.trimEnd().length);
});

test.each([
	[1367, false, 1500],
	[2460, false, 2500],
	[13 * 1024 ** 2, true, 16 * 1024 ** 2],
	[11 * 1024 ** 2, true, 12 * 1024 ** 2],
])('the step of an axis for %d is round', (step, binary, round) => {
	expect(roundStep(step, binary)).toBe(round);
});

describe('the pane', () => {
	test('says so where there is no sample yet', () => {
		const state = {...healthy(), history: {lag: [], storage: []}};
		expect(textOf(charts(model(state), 80, 7)).match(/no sample yet/g)).toHaveLength(2);
	});

	test('shows the last value where there is no room for a chart', () => {
		expect(textOf(charts(model(incident()), 80, 3))).toContain('now');
	});

	test('keeps to its height', () => {
		for (const height of [2, 3, 4, 7, 16, 30]) {
			expect(charts(model(incident()), 82, height).length).toBeLessThanOrEqual(height);
		}
	});
});
