import http from 'node:http';
import net, {type AddressInfo} from 'node:net';
import {describe, expect, it, onTestFinished} from 'vitest';
import {until} from '../until.ts';
import {changing} from './changing.ts';
import {dockerProxy} from './docker.ts';
import {natsProxy, type Verdict} from './nats.ts';
import {NatsParser, type NatsRequest} from './nats-parser.ts';

const session = [
	'CONNECT {"verbose":false}\r\nPING\r\n',
	'SUB _INBOX.a.* 1\r\n',
	'PUB $JS.API.INFO _INBOX.a.1 0\r\n\r\n',
	// A payload that looks like commands.
	'PUB orders.new 26\r\nPUB evil 0\r\n\r\nSUB x 1\r\nxxx\r\n',
	'HPUB $JS.API.STREAM.PURGE.ORDERS _INBOX.a.2 12 16\r\nNATS/1.0\r\n\r\nbody\r\n',
	'pub lower 2\r\nok\r\nUNSUB 1\r\nPONG\r\n',
].join('');
const found: NatsRequest[] = [
	{verb: 'SUB', subject: '_INBOX.a.*'},
	{verb: 'PUB', subject: '$JS.API.INFO', reply: '_INBOX.a.1', bytes: 0},
	{verb: 'PUB', subject: 'orders.new', bytes: 26},
	{verb: 'HPUB', subject: '$JS.API.STREAM.PURGE.ORDERS', reply: '_INBOX.a.2', bytes: 16},
	{verb: 'PUB', subject: 'lower', bytes: 2},
];

describe('the parser of what a NATS client sends', () => {
	it.each([1, 2, 3, 7, 64, 10_000])('finds each request in chunks of %i bytes', (size) => {
		const parser = new NatsParser();
		const bytes = Buffer.from(session);
		const requests: NatsRequest[] = [];
		for (let at = 0; at < bytes.length; at += size) {
			requests.push(...parser.push(bytes.subarray(at, at + size)));
		}
		expect(requests).toEqual(found);
	});

	it('refuses what is not of the protocol, rather than to miss a request', () => {
		expect(() => new NatsParser().push(Buffer.from('GET / HTTP/1.1\r\n'))).toThrow(
			'Not of the NATS protocol',
		);
		expect(() => new NatsParser().push(Buffer.alloc(2 << 20, 'x'))).toThrow('without an end');
	});
});

describe('the proxy of NATS', () => {
	async function server(): Promise<{port: number; got: () => string}> {
		let got = '';
		const listening = net.createServer((socket) => {
			socket.on('error', () => {});
			socket.write('INFO {}\r\n');
			socket.on('data', (chunk) => {
				got += String(chunk);
			});
		});
		await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
		onTestFinished(() => void listening.close());
		return {port: (listening.address() as AddressInfo).port, got: () => got};
	}

	it('hands everything on, counts, and holds a request back while the test does something', async () => {
		const {port, got} = await server();
		let before = '';
		const proxy = await natsProxy(
			async ({subject}): Promise<Verdict> => {
				if (subject.includes('PURGE')) {
					await new Promise((resolve) => setImmediate(resolve));
					before = got();
				}
				return 'pass';
			},
			{host: '127.0.0.1', port},
		);
		onTestFinished(proxy.close);
		const client = net.connect(Number(new URL(proxy.url).port), '127.0.0.1');
		onTestFinished(() => void client.destroy());
		let answer = '';
		client.on('data', (chunk) => {
			answer += String(chunk);
		});
		client.write(session);
		await until('it arrives', () => got() === session);
		await until('it answers', () => answer === 'INFO {}\r\n');
		expect(before).not.toContain('PURGE');
		expect(proxy.requests).toEqual(found);
		expect(proxy.published('$JS.API.STREAM.PURGE.ORDERS')).toBe(1);
	});

	it('swallows a request and hangs up where the test wants it', async () => {
		const {port, got} = await server();
		const proxy = await natsProxy(({subject}) => (subject === 'a' ? 'drop' : 'pass'), {
			host: '127.0.0.1',
			port,
		});
		onTestFinished(proxy.close);
		const client = net.connect(Number(new URL(proxy.url).port), '127.0.0.1');
		let closed = false;
		client
			.on('error', () => {})
			.on('close', () => {
				closed = true;
			});
		client.write('PUB a 0\r\n\r\n');
		await until('it hangs up', () => closed);
		expect(got()).toBe('');
		expect(proxy.published('a')).toBe(1);
	});
});

describe('the proxy of Docker', () => {
	it('hands on kept connections, chunked bodies and answers that do not end, and records each', async () => {
		const bodies: string[] = [];
		const engine = http.createServer((request, response) => {
			let body = '';
			request.on('data', (chunk) => {
				body += String(chunk);
			});
			request.on('end', () => {
				bodies.push(body);
				if (request.url === '/events') {
					response.write('one\n');
				} else {
					response.end(`${request.method} ${request.url}`);
				}
			});
		});
		await new Promise<void>((resolve) => engine.listen(0, '127.0.0.1', resolve));
		onTestFinished(() => {
			engine.close();
			engine.closeAllConnections();
		});
		const proxy = await dockerProxy({host: '127.0.0.1', port: (engine.address() as AddressInfo).port});
		onTestFinished(proxy.close);
		const socketPath = proxy.host.slice('unix://'.length);
		const agent = new http.Agent({keepAlive: true, maxSockets: 1});
		onTestFinished(() => agent.destroy());
		const call = (method: string, path: string, chunks: string[] = []): Promise<string> =>
			new Promise((resolve, reject) => {
				const request = http.request({socketPath, method, path, agent}, (response) => {
					let text = '';
					response.on('data', (chunk) => {
						text += String(chunk);
						if (path === '/events') {
							request.destroy();
							resolve(text);
						}
					});
					response.on('end', () => resolve(text));
				});
				request.on('error', reject);
				for (const chunk of chunks) {
					request.write(chunk);
				}
				request.end();
			});
		expect(await call('GET', '/v1/containers/json?all=1')).toBe('GET /v1/containers/json?all=1');
		expect(
			await call('POST', '/v1/containers/a/stop', ['x'.repeat(70_000), 'POST /evil HTTP/1.1\r\n\r\n']),
		).toBe('POST /v1/containers/a/stop');
		expect(bodies[1]).toHaveLength(70_000 + 23);
		expect(await call('HEAD', '/_ping')).toBe('');
		expect(await call('GET', '/events')).toBe('one\n');
		expect(proxy.requests.map(({method, path}) => `${method} ${path}`)).toEqual([
			'GET /v1/containers/json?all=1',
			'POST /v1/containers/a/stop',
			'HEAD /_ping',
			'GET /events',
		]);
		expect(changing(proxy.requests)).toEqual([{method: 'POST', path: '/v1/containers/a/stop'}]);
	});
});

describe('what changes something', () => {
	const publish = (subject: string): NatsRequest => ({verb: 'PUB', subject, bytes: 0});

	it.each([
		'$JS.API.INFO',
		'$JS.API.STREAM.NAMES',
		'$JS.API.STREAM.LIST',
		'$JS.API.STREAM.INFO.ORDERS',
		'$JS.API.STREAM.MSG.GET.ORDERS',
		'$JS.API.DIRECT.GET.ORDERS.orders.new',
		'$JS.API.CONSUMER.NAMES.ORDERS',
		'$JS.API.CONSUMER.LIST.ORDERS',
		'$JS.API.CONSUMER.INFO.ORDERS.c',
		'$SYS.REQ.USER.INFO',
		'_INBOX.abc.1',
	])('not %s', (subject) => {
		expect(changing([publish(subject)])).toEqual([]);
	});

	it.each([
		'$JS.API.STREAM.PURGE.ORDERS',
		'$JS.API.STREAM.CREATE.ORDERS',
		'$JS.API.STREAM.DELETE.INFO',
		'$JS.API.STREAM.MSG.DELETE.ORDERS',
		'$JS.API.STREAM.SNAPSHOT.ORDERS',
		'$JS.API.CONSUMER.MSG.NEXT.ORDERS.c',
		'$JS.API.CONSUMER.DURABLE.CREATE.ORDERS.c',
		'$JS.API.SOMETHING.NEW',
		'$JS.ACK.ORDERS.c.1.2.3.4.5',
		'$SYS.REQ.SERVER.PING',
		'orders.new',
	])('but %s', (subject) => {
		expect(changing([publish(subject)])).toHaveLength(1);
	});

	it('not a snapshot where a backup is meant, nor a subscription', () => {
		const backup = ['$JS.API.STREAM.SNAPSHOT.ORDERS', '$JS.SNAPSHOT.ACK.ORDERS.abc'].map(publish);
		expect(changing(backup, {snapshots: true})).toEqual([]);
		expect(changing(backup)).toHaveLength(2);
		expect(changing([{verb: 'SUB', subject: 'orders.new'}])).toEqual([]);
		expect(changing([publish('$JS.API.STREAM.PURGE.ORDERS')], {snapshots: true})).toHaveLength(1);
	});
});
