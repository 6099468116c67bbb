import {type Start, start, type Terminal} from '../test/e2e/terminal.ts';

/** The console in the terminal that all figures are measured at. */
export function openConsole(options: Start = {}): Terminal {
	return start({columns: 120, rows: 40, ...options});
}

/** Waits until the first frame with data: a container's health, the figures of the stream and its consumer. */
export async function data(terminal: Terminal): Promise<void> {
	await terminal.see(/titan-nats +healthy[\s\S]*msgs[\s\S]*execution-consumer +[\d,]+ lag/, {
		withinMs: 20_000,
	});
}
