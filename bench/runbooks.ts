import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {mend} from '../lab/lab.ts';
import {publishIntents} from '../test/e2e/lab.ts';
import {LAUNCHER} from '../test/e2e/terminal.ts';
import {type Figure, median} from './figure.ts';

const TIMES = 3;
const MESSAGES = 3000;
const PURGE = `${process.execPath} ${fileURLToPath(new URL('./purge-api.ts', import.meta.url))}`;
const CLIENTS = 'titan-brain titan-execution titan-scavenger titan-sentinel';

/** What shows that the deployment is well again, asked without a pause between: its own limit. */
const WELL = `until curl -sf localhost:3100/health >/dev/null && curl -sf localhost:8081/health >/dev/null &&
	[ "$(docker inspect -f '{{.State.Health.Status}}' titan-nats titan-brain titan-execution | sort -u)" = healthy ]
do :; done`;

/** The runbook's own lines (docs/runbook.md); "If Stream Corrupted" has no wait, and is over when the services are well. */
const TYPED = {
	restart: `docker compose restart titan-nats; sleep 15
curl -sf localhost:3100/health | grep -q '"nats"'; curl -sf localhost:8081/health > /dev/null`,
	purge: `${PURGE} 1000; curl -sf localhost:3002/metrics | grep -q nats_lag`,
	recover: `docker compose stop ${CLIENTS}; ${PURGE}; docker compose up -d; ${WELL}`,
};

type Runbook = keyof typeof TYPED;

/** Each runbook from the start of its process to "verified", beside its lines typed; the restart also beside the deployment's own time. */
export async function runbooks(): Promise<Figure[]> {
	const restart = await verified('restart');
	const own = await repeated(() => shell(`docker compose restart titan-nats; ${WELL}`));
	return [
		{name: 'restart until verified', value: restart.value, unit: 'ms', target: 2500, note: restart.note},
		{
			name: 'the deployment alone, restarted',
			value: own.value,
			unit: 'ms',
			note: `${own.note}, until it is healthy by its own checks`,
		},
		...(await typed('restart')),
		...(await besideTyped('purge')),
		...(await besideTyped('recover')),
	];
}

async function besideTyped(runbook: Runbook): Promise<Figure[]> {
	const {value, note} = await verified(runbook);
	return [{name: `${runbook} until verified`, value, unit: 'ms', note}, ...(await typed(runbook))];
}

const verified = (runbook: Runbook): Promise<{value: number; note: string}> =>
	repeated(async () => {
		const state = mkdtempSync(join(tmpdir(), 'jetmedic-bench-'));
		try {
			const args = [LAUNCHER, 'run', runbook, '--yes', '--json', '--state-dir', state];
			return await timed(process.execPath, args, '"result":"verified"');
		} finally {
			rmSync(state, {recursive: true, force: true});
		}
	});

async function typed(runbook: Runbook): Promise<Figure[]> {
	await mend();
	await publishIntents(MESSAGES);
	const value = await shell(TYPED[runbook]);
	await mend();
	return [{name: `${runbook}, its lines typed`, value, unit: 'ms', note: 'once, without the time to type'}];
}

async function repeated(measure: () => Promise<number>): Promise<{value: number; note: string}> {
	const took: number[] = [];
	for (let time = 0; time < TIMES; time++) {
		await mend();
		await publishIntents(MESSAGES);
		took.push(await measure());
	}
	const all = took.map((ms) => (ms / 1000).toFixed(1)).join(', ');
	return {value: median(took), note: `median of ${TIMES}: ${all} s`};
}

const shell = (lines: string): Promise<number> => timed('/bin/sh', ['-e', '-c', lines]);

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
