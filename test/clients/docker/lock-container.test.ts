import type {IncomingMessage, ServerResponse} from 'node:http';
import {describe, expect, it} from 'vitest';
import {isUnanswered, openLockControl} from '../../../source/clients/docker/lock-container.ts';
import {httpServer} from '../server.ts';

/** An engine that does not answer the requests that fit. */
async function control(hangs: RegExp, signal?: AbortSignal) {
	const url = new URL(
		await httpServer(({method, url: path = ''}: IncomingMessage, response: ServerResponse) => {
			if (hangs.test(`${method} ${path}`)) {
				return;
			}
			response.setHeader('content-type', 'application/json');
			response.end(
				path.includes('/containers/json') ? JSON.stringify([{Id: 'a', ImageID: 'sha256:1'}]) : '{"Id":"c1"}',
			);
		}),
	);
	const {hostname: host, port} = url;
	return openLockControl({kind: 'tcp', host, port: Number(port), describe: url.href}, signal);
}

const row = {Id: 'a', Names: ['/x'], State: 'created', ImageID: 'sha256:1'};

/** An engine that lists a container once, answers no other call on it, and then lists `rows`. */
async function leaving(status: number, rows: object[]) {
	let lists = 0;
	const url = new URL(
		await httpServer(({url: path = ''}: IncomingMessage, response: ServerResponse) => {
			const isList = path.includes('/containers/json');
			response.writeHead(isList ? 200 : status, {'content-type': 'application/json'});
			response.end(
				JSON.stringify(
					isList ? (lists++ === 0 ? [row] : rows) : {message: 'RWLayer of container a is unexpectedly nil'},
				),
			);
		}),
	);
	return openLockControl({kind: 'tcp', host: url.hostname, port: Number(url.port), describe: url.href});
}

describe('a lock container', () => {
	it.each([/^GET .*\/containers\/json/, /^GET .*\/images\//, /^POST .*\/containers\/create/])(
		'is given up on where the engine does not answer %s',
		async (hangs) => {
			const slow = await control(hangs, AbortSignal.timeout(200));
			const failure = await slow.create('x', 'titan', {}).catch((error: unknown) => error);
			expect(isUnanswered(failure)).toBe(true);
		},
	);

	it('that names no image of Compose is made', async () => {
		expect(await (await control(/nothing/)).create('x', 'titan', {})).toBe('c1');
	});

	it('has a deadline of its own where nobody ends it', async () => {
		const slow = await control(/^GET .*\/images\//);
		const failure = await slow.create('x', 'titan', {}).catch((error: unknown) => error);
		expect(isUnanswered(failure)).toBe(true);
	}, 9000);

	it.each([404, 409, 500])(
		'that another one removes meanwhile (%i) is not there, and removed',
		async (status) => {
			const gone = await leaving(status, []);
			expect(await gone.read('x')).toBeUndefined();
			await gone.remove('a');
		},
	);

	it('that stays and fails says so', async () => {
		const stuck = await leaving(500, [row]);
		await expect(stuck.read('x')).rejects.toThrow(/unexpectedly nil/);
		await expect(stuck.remove('a')).rejects.toThrow(/unexpectedly nil/);
	});
});
