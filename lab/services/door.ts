import {createConnection} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';
import type {Log} from './log.ts';

const EVERY_MS = 100;
/** A server's container that is only just starting drops the first packet: asking anew beats the kernel's retry after 1 s. */
const CONNECT_MS = 250;
const GREETING_MS = 1000;

/**
 * Waits until one of the NATS servers greets, asking one after the other and logging in the runbook's words why it
 * does not.
 * nats.js must not be let loose on a server that hangs: version 2 leaves the socket of every attempt that timed out
 * open, and all of them come to life together when the server does.
 */
export async function waitForServer(servers: readonly URL[], log: Log): Promise<URL> {
	for (let attempt = 0; ; attempt++) {
		const server = servers[attempt % servers.length]!;
		const reason = await knock(server.hostname, Number(server.port) || 4222);
		if (reason === undefined) return server;
		log('error', reason, {what: 'connect', server: server.host});
		await sleep(EVERY_MS);
	}
}

/** Undefined when the server greets in time, else what happened instead. */
function knock(host: string, port: number): Promise<string | undefined> {
	return new Promise((resolve) => {
		const socket = createConnection({host, port});
		let timer = setTimeout(() => end('timeout'), CONNECT_MS);
		const end = (reason: string | undefined) => {
			clearTimeout(timer);
			socket.destroy();
			resolve(reason);
		};
		socket.on('connect', () => {
			clearTimeout(timer);
			timer = setTimeout(() => end('timeout'), GREETING_MS);
		});
		socket.on('data', () => end(undefined));
		socket.on('end', () => end('connection closed by the server'));
		socket.on('error', (error: NodeJS.ErrnoException) =>
			end(error.code === 'ECONNREFUSED' ? 'connection refused' : error.message),
		);
	});
}
