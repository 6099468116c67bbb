import {describe, expect, it} from 'vitest';
import {HttpError, httpGet} from '../../source/clients/http.ts';
import {until} from '../until.ts';
import {httpServer, nobody, pageServer, tcpServer} from './server.ts';

/** What it fails with, and after how long. */
async function failure(url: string, options?: Parameters<typeof httpGet>[1]): Promise<string> {
	const error = await httpGet(url, options).catch((reason: unknown) => reason);
	expect(error).toBeInstanceOf(HttpError);
	expect((error as HttpError).elapsedMs).toBeLessThan(1500);
	return (error as HttpError).message;
}

describe('httpGet', () => {
	it('answers status and body, whatever the status', async () => {
		expect(await httpGet(await pageServer('größe 日本', 503))).toMatchObject({
			status: 503,
			body: 'größe 日本',
		});
	});

	it('puts a character together that came in two chunks', async () => {
		const [first, second] = [Buffer.from([0xe6, 0x97]), Buffer.from([0xa5])];
		const url = await httpServer((_, response) => {
			response.write(first);
			setTimeout(() => response.end(second), 20);
		});
		expect((await httpGet(url)).body).toBe('日');
	});

	it('keeps its connection for the next time', async () => {
		const sockets = new Set<unknown>();
		const url = await httpServer((request, response) => {
			sockets.add(request.socket);
			response.end('x');
		});
		await httpGet(url);
		await until('the connection is free again', async () => {
			await httpGet(url);
			return true;
		});
		expect(sockets.size).toBe(1);
	});

	it('does not let one address wait for another on the same host', async () => {
		const url = await httpServer((request, response) => {
			if (request.url === '/well') {
				response.end('x');
			}
		});
		const hanging = Array.from({length: 12}, (_, index) =>
			httpGet(`${url}/hang/${index}`, {deadlineMs: 1000}).catch(() => {}),
		);
		const again = Array.from({length: 12}, () => httpGet(`${url}/hang`, {deadlineMs: 1000}).catch(() => {}));
		expect((await httpGet(`${url}/well`, {deadlineMs: 500})).body).toBe('x');
		await Promise.all([...hanging, ...again]);
	});

	it('does not blame a server for a kept connection that died', async () => {
		let requests = 0;
		const url = await httpServer((request, response) => {
			// The second request meets a connection that is closed under it, as one to a server that was restarted.
			if (++requests === 2) {
				request.socket.resetAndDestroy();
			} else {
				response.end('x');
			}
		});
		await httpGet(url);
		expect((await httpGet(url)).body).toBe('x');
		expect(requests).toBe(3);
	});

	it('does not follow a redirect', async () => {
		const url = await httpServer((_, response) => {
			response.writeHead(302, {location: 'http://example.invalid/'}).end();
		});
		expect((await httpGet(url)).status).toBe(302);
	});

	it('gives up on a server that never answers', async () => {
		const url = await httpServer(() => {});
		expect(await failure(url, {deadlineMs: 100})).toBe('no answer in 0.1 s');
	});

	it('gives up on an answer that trickles', async () => {
		const url = await httpServer((_, response) => {
			const timer = setInterval(() => response.write('.'), 10);
			response.on('close', () => clearInterval(timer));
		});
		expect(await failure(url, {deadlineMs: 150})).toBe('no answer in 0.15 s');
	});

	it('reads no more than its bound, and closes the connection', async () => {
		let sent = 0;
		let closed = false;
		const url = await httpServer((_, response) => {
			const more = (): void => {
				while (!closed && response.write(Buffer.alloc(65_536))) {
					sent += 65_536;
				}
			};
			response.on('close', () => {
				closed = true;
			});
			response.on('drain', more);
			more();
		});
		expect(await failure(url, {maxBytes: 1 << 20})).toBe('answer larger than 1 MiB');
		await until('the connection is closed', () => closed);
		expect(sent).toBeLessThan(64 << 20);
	});

	it('tells a refused connection', async () => {
		expect(await failure(await nobody())).toBe('connection refused');
	});

	it('tells a connection that was reset', async () => {
		expect(await failure(await tcpServer((socket) => socket.resetAndDestroy()))).toBe('connection reset');
	});

	it('tells an answer that broke off in its middle', async () => {
		const url = await tcpServer((socket) => {
			socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'));
		});
		expect(await failure(url)).toBe('connection closed in the middle of the answer');
	});

	it('tells a server that speaks something else', async () => {
		const url = await tcpServer((socket) => socket.write('INFO {"server_id":"x"}\r\n'));
		expect(await failure(url)).toBe('not an HTTP answer');
	});

	it('lets no escape sequence of a strange answer through', async () => {
		const url = await tcpServer((socket) => {
			socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\na\u001b[31mb: c\r\nbad header\r\n\r\n'));
		});
		const message = await httpGet(url).then(
			({body}) => body,
			(error: Error) => error.message,
		);
		expect(message).not.toContain('\u001b');
	});

	it('ends when aborted, before and in the middle', async () => {
		const url = await httpServer(() => {});
		const aborter = new AbortController();
		const pending = failure(url, {signal: aborter.signal, deadlineMs: 1000});
		aborter.abort();
		expect(await pending).not.toContain('no answer');
		expect(await failure(url, {signal: aborter.signal, deadlineMs: 1000})).not.toContain('no answer');
	});
});
