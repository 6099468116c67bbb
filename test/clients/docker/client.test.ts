import type {ServerResponse} from 'node:http';
import {describe, expect, it} from 'vitest';
import {openDocker} from '../../../source/clients/docker/client.ts';
import {httpServer} from '../server.ts';

/** An engine that answers so. */
async function engine(answer: (path: string, response: ServerResponse) => void) {
	const url = new URL(await httpServer((request, response) => answer(request.url ?? '', response)));
	return openDocker({kind: 'tcp', host: url.hostname, port: Number(url.port), describe: 'tcp://prod:2375'});
}

describe('a path in a container', () => {
	const modes: Record<string, number> = {'/data': 2_147_484_141, '/etc/nats.conf': 420};
	const docker = () =>
		engine((path, response) => {
			const {searchParams} = new URL(path, 'http://engine');
			const mode = modes[searchParams.get('path') ?? ''];
			if (searchParams.get('path') === '/odd') {
				response.setHeader('x-docker-container-path-stat', 'e30=');
			} else if (mode === undefined) {
				response.statusCode = 404;
			} else {
				const stat = Buffer.from(JSON.stringify({name: 'x', size: 0, mode})).toString('base64');
				response.setHeader('x-docker-container-path-stat', stat);
			}
			response.end();
		});

	it.each([
		['/data', true],
		['/etc/nats.conf', false],
		['/gone', false],
	])('%s is a folder: %s', async (path, isFolder) => {
		expect(await (await docker()).isFolder('id', path)).toBe(isFolder);
	});

	it('is not known where the engine answers in other words', async () => {
		await expect((await docker()).isFolder('id', '/odd')).rejects.toThrow();
	});
});

describe('an engine', () => {
	it.each([
		[['name=seccomp,profile=builtin', 'name=rootless', 'name=cgroupns'], true],
		[['name=apparmor', 'name=seccomp,profile=builtin'], false],
		[undefined, false],
	])('with the options %j is rootless: %s', async (options, isRootless) => {
		const docker = await engine((_, response) => {
			response.setHeader('content-type', 'application/json');
			response.end(JSON.stringify({SecurityOptions: options}));
		});
		expect(await docker.isRootless()).toBe(isRootless);
	});
});
