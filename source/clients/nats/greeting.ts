import net from 'node:net';

/** What the INFO line of a server says. */
export type Greeting = {offersTls: boolean};

/**
Whether a server at an address speaks: a NATS server sends its INFO line as soon as it is connected to. A hung
one accepts and says nothing, and each attempt of nats.js that times out on it leaves its socket open; a
hundred of them wake together when the server does. So the door is looked at first.

@param server - `host:port`, also with a scheme in front.
@returns What it says of TLS.
@throws an Error whose `code` says why: ECONNREFUSED and the like, or TIMEOUT after `deadlineMs`.
*/
export function awaitGreeting(server: string, deadlineMs = 2000): Promise<Greeting> {
	const {hostname, port} = new URL(server.includes('://') ? server : `nats://${server}`);
	return new Promise((resolve, reject) => {
		const socket = net.connect({host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 4222)});
		const end = (): void => {
			clearTimeout(timer);
			socket.destroy();
		};
		const fail = (error: Error): void => {
			end();
			reject(error);
		};
		const timer = setTimeout(
			() => fail(Object.assign(new Error('no answer in time'), {code: 'TIMEOUT'})),
			deadlineMs,
		);
		socket.once('data', (info) => {
			end();
			resolve({offersTls: /"tls_(?:required|available)"\s*:\s*true/.test(info.toString('latin1'))});
		});
		socket.once('error', fail);
		// A proxy whose container does not run accepts, and hangs up without a word.
		socket.once('close', () => fail(Object.assign(new Error('connection refused'), {code: 'ECONNREFUSED'})));
	});
}
