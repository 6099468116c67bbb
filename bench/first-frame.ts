import {closeTerminals} from '../test/e2e/terminal.ts';
import {data, openConsole} from './console.ts';
import {type Figure, median} from './figure.ts';

const TIMES = 7;

/** From the start of the process to its first output, and to the first frame with data. */
export async function firstFrame(scale: Figure['scale']): Promise<Figure[]> {
	const output: number[] = [];
	const filled: number[] = [];
	for (let time = 0; time < TIMES; time++) {
		const terminal = openConsole();
		try {
			await data(terminal);
			filled.push(performance.now() - terminal.startedAt);
			output.push(terminal.firstOutputMs ?? Number.NaN);
			terminal.press('q');
			await terminal.exit();
		} finally {
			closeTerminals();
		}
	}
	const note = `median of ${TIMES} starts`;
	const best = `, best ${Math.round(Math.min(...filled))} ms`;
	return [
		{name: 'start to first output', scale, value: median(output), unit: 'ms', note},
		{
			name: 'start to data on the screen',
			scale,
			value: median(filled),
			unit: 'ms',
			target: 600,
			note: note + best,
		},
	];
}
