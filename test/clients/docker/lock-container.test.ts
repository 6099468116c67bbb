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
});
