declare module 'asciichart' {
	/** Draws a series as lines of text joined by line breaks. */
	export function plot(
		series: number[],
		config?: {
			min?: number;
			max?: number;
			height?: number;
			offset?: number;
			symbols?: string[];
			format?: (value: number, row: number) => string;
		},
	): string;
}
