import net from 'node:net';
import {expect, it, onTestFinished} from 'vitest';
import {titan} from '../../source/config/titan.ts';
import {watchNats} from '../../source/sources/nats.ts';
import type {Observation} from '../../source/state/observation.ts';
import {until} from '../until.ts';

const info = JSON.stringify({
	server_id: 'A',
	server_name: 'a',
	version: '2.15.1',
	proto: 1,
	headers: true,
	max_payload: 1 << 20,
});

/** A server that greets and then falls silent, as one that is stopped or whose packets are dropped. */
async function silentServer(): Promise<{url: string; connections: () => number}> {
	let connections = 0;
	const server = net.createServer((socket) => {
		let greeted = false;
		socket.on('error', () => {});
		socket.write(`INFO ${info}\r\n`);
		socket.on('data', (chunk) => {
			if (!greeted && chunk.includes('PING')) {
				greeted = true;
				connections++;
				socket.write('PONG\r\n');
			}
		});
	});
	onTestFinished(() => void server.close());
	await new Promise<void>((resolve) => {
		server.listen(0, '127.0.0.1', resolve);
	});
	const {port} = server.address() as net.AddressInfo;
	return {url: `nats://127.0.0.1:${port}`, connections: () => connections};
}

it('connects anew after a server that fell silent, with a round trip still open', {
	timeout: 60_000,
}, async () => {
	const {url, connections} = await silentServer();
	const ended = new AbortController();
	onTestFinished(() => ended.abort());
	const seen: Observation[] = [];
	const config = {...titan, nats: {...titan.nats, url}};
	void watchNats({config, env: {}}, (observation) => seen.push(observation), ended.signal);
	await until('it is connected', () => connections() === 1);
	await until('it is connected again', () => connections() >= 2, 40_000);
	expect(seen.some((one) => one.kind === 'connection' && one.status === 'disconnected')).toBe(true);
});
