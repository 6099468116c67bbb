import net from 'node:net';
import {describe, expect, onTestFinished, test} from 'vitest';
import {connectNats, describeNatsError} from '../../../source/clients/nats/connection.ts';
import {titan} from '../../../source/config/titan.ts';
import {nobody} from '../server.ts';

type Kind = 'useful' | 'alone' | 'quiet' | 'mute' | 'strict';

const account = {memory: 0, storage: 0, streams: 0, consumers: 0, limits: {}};
const alone = {error: {code: 503, err_code: 10_008, description: 'JetStream system temporarily unavailable'}};

/** A server that speaks as much of the protocol as a connection needs, or hangs. Answers `host:port`. */
async function server(kind: Kind): Promise<string> {
	const sockets = new Set<net.Socket>();
	const listener = net.createServer((socket) => {
		sockets.add(socket);
		socket.on('error', () => {});
		if (kind === 'mute') {
			return;
		}
		const {port} = listener.address() as net.AddressInfo;
		const info = {
			server_id: 'S',
			server_name: `at-${port}`,
			version: '2.15.1',
			proto: 1,
			headers: true,
			max_payload: 1024,
		};
		socket.write(`INFO ${JSON.stringify(info)}\r\n`);
		socket.on('data', (chunk) => {
			for (const line of String(chunk).split('\r\n')) {
				if (line === 'PING' && kind === 'strict') {
					socket.end("-ERR 'Authorization Violation'\r\n");
				} else if (line === 'PING') {
					socket.write('PONG\r\n');
				}
				const reply = /^H?PUB \$JS\.API\.INFO (\S+)/.exec(line)?.[1];
				if (reply !== undefined && kind !== 'quiet') {
					const body = JSON.stringify(kind === 'alone' ? alone : account);
					socket.write(`MSG ${reply} 1 ${body.length}\r\n${body}\r\n`);
				}
			}
		});
	});
	onTestFinished(() => {
		for (const socket of sockets) {
			socket.destroy();
		}
		listener.close();
	});
	await new Promise<void>((resolve) => {
		listener.listen(0, '127.0.0.1', resolve);
	});
	return `127.0.0.1:${(listener.address() as net.AddressInfo).port}`;
}

async function connectedTo(addresses: string[], avoid?: string): Promise<string> {
	const url = addresses.map((address) => `nats://${address}`).join(',');
	const connection = await connectNats({...titan.nats, url}, {}, avoid);
	onTestFinished(() => connection.close());
	return connection.getServer();
}

const closed = async () => (await nobody()).replace('http://', '');

describe('of several servers', () => {
	test.each([
		['is down', closed],
		['hangs', () => server('mute')],
		['is cut off from its cluster', () => server('alone')],
		['does not answer for JetStream', () => server('quiet')],
	] as const)('another one is taken where the first %s', async (_, first) => {
		const good = await server('useful');
		expect(await connectedTo([await first(), good])).toBe(good);
	});

	test('the first is taken where all are well, and another one where it is to be avoided', async () => {
		const [a, b] = [await server('useful'), await server('useful')];
		expect(await connectedTo([a, b])).toBe(a);
		expect(await connectedTo([a, b], a)).toBe(b);
		expect(await connectedTo([a, await closed()], a)).toBe(a);
	});

	test('the first that greets is taken where none is of use', async () => {
		const [a, b] = [await server('alone'), await server('quiet')];
		expect(await connectedTo([a, b])).toBe(a);
	});

	test('none is a failure, with the reason of the first', async () => {
		await expect(connectedTo([await closed(), await closed()])).rejects.toMatchObject({code: 'ECONNREFUSED'});
	});
});

test('one alone is not asked whether it is of use', async () => {
	const only = await server('alone');
	expect(await connectedTo([only])).toBe(only);
});

test('a refusal names the credentials that were not sent, as they are for another server', async () => {
	const address = await server('strict');
	const refusal = async (withheldFor?: string) => {
		const nats = {...titan.nats, url: `nats://${address}`, ...(withheldFor && {withheldFor})};
		return describeNatsError(await connectNats(nats, {}).catch((error: unknown) => error), address);
	};
	const refused = `Cannot use NATS at ${address}: the server refuses these credentials.`;
	expect(await refusal()).toBe(refused);
	expect(await refusal('nats://bus:4222')).toBe(
		`${refused} The configured credentials are for nats://bus:4222 and were not sent. Set those of this server with NATS_USER and NATS_PASSWORD, NATS_CREDS or --nats-context.`,
	);
});
