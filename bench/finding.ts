import {execFileSync} from 'node:child_process';
import {mend} from '../lab/lab.ts';
import {closeTerminals} from '../test/e2e/terminal.ts';
import {data, openConsole} from './console.ts';
import {type Figure, median} from './figure.ts';

const TIMES = 5;

/** From the kill of the NATS server's process to the finding on the screen. Needs the engine on this machine. */
export async function finding(scale: Figure['scale']): Promise<Figure[]> {
	const took: number[] = [];
	for (let time = 0; time < TIMES; time++) {
		const terminal = openConsole();
		try {
			await data(terminal);
			await terminal.see('Nothing is wrong', {withinMs: 20_000});
			const pid = Number(
				execFileSync('docker', ['inspect', '-f', '{{.State.Pid}}', 'titan-nats'], {encoding: 'utf8'}),
			);
			process.kill(pid, 'SIGKILL');
			took.push(await terminal.see(/titan-nats (is down|is restarting|was restarted|does not answer)/));
		} finally {
			closeTerminals();
			await mend();
		}
	}
	return [
		{
			name: 'kill -9 of NATS to the finding',
			scale,
			value: median(took),
			unit: 'ms',
			target: 500,
			note: `median of ${TIMES}, worst ${Math.round(Math.max(...took))} ms`,
		},
	];
}
