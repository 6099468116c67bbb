import net from 'node:net';
import {join} from 'node:path';
import {TLSSocket} from 'node:tls';
import {describe, expect, onTestFinished, test} from 'vitest';
import {connectNats, describeNatsError} from '../../../source/clients/nats/connection.ts';
import {tlsFor} from '../../../source/clients/nats/tls-identity.ts';
import {titan} from '../../../source/config/titan.ts';
import {tempFolder} from '../../config/temp.ts';
import {authority, key, ofLocalhost, ofLoopback} from './certificates.ts';

type Kind = 'upgrade' | 'first';

/** A NATS server that demands TLS, after its greeting or before it. Answers its port. */
async function secureServer(cert: string, kind: Kind): Promise<number> {
	const sockets = new Set<net.Socket>();
	const info = `INFO ${JSON.stringify({server_id: 'S', server_name: 'n', version: '2.15.1', proto: 1, headers: true, max_payload: 1024, tls_required: true})}\r\n`;
	const listener = net.createServer((raw) => {
		sockets.add(raw);
		raw.on('error', () => {});
		if (kind === 'upgrade') {
			raw.write(info);
		}
		raw.once('readable', () => {
			const socket = new TLSSocket(raw, {isServer: true, cert, key});
			socket.on('error', () => {});
			if (kind === 'first') {
				socket.write(info);
			}
			socket.on('data', (chunk) => {
				if (String(chunk).includes('PING')) {
					socket.write('PONG\r\n');
				}
			});
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
	return (listener.address() as net.AddressInfo).port;
}

async function connectTo(host: string, cert: string, kind: Kind): Promise<string> {
	const folder = await tempFolder({'ca.pem': authority});
	const url = `nats://${host}:${await secureServer(cert, kind)}`;
	const tls = {ca: join(folder, 'ca.pem'), first: kind === 'first'};
	try {
		const connection = await connectNats({...titan.nats, url, tls}, {});
		await connection.close();
		return 'connected';
	} catch (error) {
		return describeNatsError(error, host);
	}
}

describe.each(['upgrade', 'first'] as const)('TLS (%s)', (kind) => {
	test('to an IP address wants a certificate for that address', async () => {
		expect(await connectTo('127.0.0.1', ofLoopback, kind)).toBe('connected');
		const refused = await connectTo('127.0.0.1', ofLocalhost, kind);
		expect(refused).toContain("IP: 127.0.0.1 is not in the cert's list");
	});

	test('to a name wants a certificate for that name', async () => {
		expect(await connectTo('localhost', ofLocalhost, kind)).toBe('connected');
		expect(await connectTo('localhost', ofLoopback, kind)).toContain('Host: localhost.');
	});
});

describe('the options', () => {
	const isChecked = (server: string, tls: object | undefined, offered = false): boolean =>
		'checkServerIdentity' in (tlsFor(server, tls, offered) ?? {});

	test('check an address wherever TLS is spoken, also if only the server asks for it', () => {
		expect(isChecked('nats://10.0.0.7:4222', {})).toBe(true);
		expect(isChecked('nats://[::1]:4222', {})).toBe(true);
		expect(isChecked('nats://10.0.0.7:4222', undefined, true)).toBe(true);
		expect(tlsFor('nats://10.0.0.7:4222', undefined, false)).toBeUndefined();
		expect(tlsFor('nats://bus:4222', undefined, true)).toBeUndefined();
		expect(isChecked('nats://bus:4222', {caFile: 'x'}, true)).toBe(false);
	});
});
