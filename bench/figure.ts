/** One measured figure of the last table. */
export type Figure = {
	name: string;
	/** `small` is the lab as it is, `large` the lab with 200 more streams of five consumers each. */
	scale?: 'small' | 'large';
	value: number;
	unit: Unit;
	/** What it must not exceed. */
	target?: number;
	/** How it was measured: how often, over how long. */
	note: string;
	/** How fast the processor was meanwhile: see pace.ts. */
	paceMs?: number;
};

export type Unit = 'ms' | '%' | 'B/s' | 'MB' | 'MB/s';

const write: Record<Unit, (value: number) => string> = {
	ms: (value) =>
		value < 10
			? `${value.toFixed(1)} ms`
			: value < 10_000
				? `${Math.round(value)} ms`
				: `${(value / 1000).toFixed(1)} s`,
	'%': (value) => `${value.toFixed(1)} %`,
	'B/s': (value) => (value < 1000 ? `${Math.round(value)} B/s` : `${(value / 1000).toFixed(1)} kB/s`),
	MB: (value) => `${Math.round(value)} MB`,
	'MB/s': (value) => `${Math.round(value)} MB/s`,
};

/** A figure's value (or its target) as it is written. */
export function written(value: number, unit: Unit): string {
	return write[unit](value);
}

/** Whether a figure is what it should be. */
export function verdict({value, target}: Figure): string {
	return target === undefined ? '' : value <= target ? 'reached' : 'MISSED';
}

/** The one in the middle: a busy machine spoils an average. */
export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
