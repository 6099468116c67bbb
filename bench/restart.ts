import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {mend} from '../lab/lab.ts';
import {LAUNCHER} from '../test/e2e/terminal.ts';
import {type Figure, median} from './figure.ts';

const TIMES = 3;

/** The runbook's own lines, "If NATS Container Down"; its questions are asked until they are answered as it expects. */
const TYPED = `set -e
docker compose restart titan-nats
sleep 15
curl -sf localhost:3100/health | grep -q '"nats"'
curl -sf localhost:8081/health > /dev/null`;

/** The restart from the start of the process to "verified", beside the runbook's lines typed. */
export async function restart(): Promise<Figure[]> {
	const ours: number[] = [];
	for (let time = 0; time < TIMES; time++) {
		await mend();
		const state = mkdtempSync(join(tmpdir(), 'jetmedic-bench-'));
		try {
			const args = [LAUNCHER, 'run', 'restart', '--yes', '--json', '--state-dir', state];
			ours.push(await timed(process.execPath, args, '"result":"verified"'));
		} finally {
			rmSync(state, {recursive: true, force: true});
		}
	}
	await mend();
	const typed = await timed('/bin/sh', ['-c', TYPED]);
	await mend();
	const note = `median of ${TIMES}, from the start of the process, ${ours.map((ms) => (ms / 1000).toFixed(1)).join(', ')} s`;
	return [
		{name: 'restart until verified', value: median(ours), unit: 'ms', target: 2500, note},
		{name: 'the same, the runbook typed', value: typed, unit: 'ms', note: 'once, without the time to type'},
	];
}

/** How long a command takes until it ends. @throws with what it said when it fails or does not say `words` */
function timed(file: string, args: string[], words = ''): Promise<number> {
	return new Promise((resolve, reject) => {
		const began = performance.now();
		const child = spawn(file, args, {stdio: ['ignore', 'pipe', 'pipe']});
		let said = '';
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding('utf8').on('data', (text: string) => {
				said += text;
			});
		}
		child.on('error', reject);
		child.on('close', (code) => {
			const took = performance.now() - began;
			if (code === 0 && said.includes(words)) resolve(took);
			else reject(new Error(`${file} ended with ${code}: ${said.slice(-2000)}`));
		});
	});
}
