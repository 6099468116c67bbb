import type {AddressInfo} from 'node:net';
import net from 'node:net';
import {NatsParser, type NatsRequest} from './nats-parser.ts';

export type NatsProxy = {
	/** What a client connects to. */
	url: string;
	/** All that clients sent, in order. */
	requests: NatsRequest[];
	/** How often a subject was published to. */
	published(subject: string): number;
	close(): Promise<void>;
};

/** What becomes of what a client just sent. */
export type Verdict = 'pass' | 'drop' | 'hang-up-after';

/**
A proxy in front of a NATS server that records what clients send.

@param onRequest - Called for each request before the bytes that hold its head go on to the server, which wait for it:
so that a test can do something in exactly that moment. `drop` swallows the bytes and hangs up on the client;
`hang-up-after` hands them on and then hangs up on the client alone, so that it gets no answer.
*/
export async function natsProxy(
	onRequest: (request: NatsRequest) => Promise<Verdict> | Verdict = () => 'pass',
	upstream = {host: '127.0.0.1', port: 4222},
): Promise<NatsProxy> {
	const requests: NatsRequest[] = [];
	const sockets = new Set<net.Socket>();
	const server = net.createServer((client) => {
		const remote = net.connect(upstream);
		const parser = new NatsParser();
		let work: Promise<void> = Promise.resolve();
		const pass = async (chunk: Buffer): Promise<void> => {
			let verdict: Verdict = 'pass';
			for (const request of parser.push(chunk)) {
				requests.push(request);
				const answer = await onRequest(request);
				verdict = answer === 'pass' ? verdict : answer;
			}
			if (verdict !== 'drop') {
				remote.write(chunk);
			}
			if (verdict !== 'pass') {
				client.destroy();
				remote.end();
			}
		};
		for (const socket of [client, remote]) {
			sockets.add(socket);
			socket.on('error', () => {});
			socket.on('close', () => {
				sockets.delete(socket);
			});
		}
		client.on('data', (chunk: Buffer) => {
			work = work.then(() => pass(chunk)).catch(() => void client.destroy());
		});
		client.on('close', () => {
			// What was on its way still goes to the server, as with a real network.
			void work.then(() => remote.end());
		});
		remote.on('data', (chunk: Buffer) => void client.write(chunk));
		remote.on('close', () => void client.destroy());
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `nats://127.0.0.1:${(server.address() as AddressInfo).port}`,
		requests,
		published: (subject) =>
			requests.filter((request) => request.verb !== 'SUB' && request.subject === subject).length,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				for (const socket of sockets) {
					socket.destroy();
				}
			}),
	};
}
