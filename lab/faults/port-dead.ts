import {readdirSync, readFileSync} from 'node:fs';
import {containerState, docker} from '../project/docker.ts';
import {LabError} from '../run.ts';
import {page, until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

const PORT = 8222;

/** The way from the host to the server's monitoring is gone, and the server knows nothing of it. */
export const portDead: Fault = {
	name: 'port-dead',
	summary:
		"the engine's proxy of port 8222 dies: titan-nats is healthy, its monitoring port refuses on the host",
	topology: 'any',
	async break({place}) {
		const pid = proxyOf(place.state);
		if (!pid)
			throw new LabError(
				`No proxy publishes port ${PORT}: this fault needs the lab's own engine ("npm run lab -- up --name own --isolated").`,
			);
		process.kill(pid, 'SIGKILL');
		await until('A refusing port', async () => (await page(PORT, '/healthz')).status === 0);
	},
	async mend({place, engine, progress}) {
		if (engine.kind === 'foreign' || proxyOf(place.state)) return;
		const {status, networks} = await containerState(engine, 'titan-nats');
		if (status !== 'running' || networks.length === 0) return;
		progress('restarting titan-nats: its port is dead');
		await docker(engine, 'Restarting titan-nats', 'restart', 'titan-nats');
	},
};

/** The process of this lab's engine that publishes the port. */
function proxyOf(stateFolder: string): number | undefined {
	const arg = `-host-port\0${PORT}\0`;
	const daemon = readNumber(`${stateFolder}/pid`);
	return readdirSync('/proc')
		.map(Number)
		.filter((pid) => pid > 0)
		.find((pid) => read(`/proc/${pid}/cmdline`).includes(arg) && parentOf(pid) === daemon);
}

const parentOf = (pid: number): number => Number(/^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1]);

const readNumber = (file: string): number => Number.parseInt(read(file), 10);

function read(file: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		// it ended by itself meanwhile
		return '';
	}
}
