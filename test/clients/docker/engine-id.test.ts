import {describe, expect, it} from 'vitest';
import {openDocker} from '../../../source/clients/docker/client.ts';
import {httpServer} from '../server.ts';

/** An engine that gives these answers to GET /info, one after the other. */
async function engine(...infos: object[]) {
	let asked = 0;
	const url = new URL(
		await httpServer((_, response) => {
			response.setHeader('content-type', 'application/json');
			response.end(JSON.stringify(infos[asked++ % infos.length]));
		}),
	);
	return openDocker({kind: 'tcp', host: url.hostname, port: Number(url.port), describe: 'tcp://prod:2375'});
}

describe('the ID of an engine', () => {
	it('is its own', async () => {
		expect(await (await engine({ID: '7c7eb0e6', Name: 'prod-1'})).engineId()).toBe('7c7eb0e6');
	});

	it.each([
		[
			'makes a new one for each answer, as Podman does',
			[
				{ID: 'a', Name: 'prod-1'},
				{ID: 'b', Name: 'prod-1'},
			],
		],
		['has none', [{Name: 'prod-1'}]],
	])('is its host’s name and its address where it %s', async (_, infos) => {
		const docker = await engine(...infos);
		expect(await docker.engineId()).toBe('no ID: prod-1, tcp://prod:2375');
		expect(await docker.engineId()).toBe(await docker.engineId());
	});

	it('is not known where nothing tells it', async () => {
		await expect((await engine({})).engineId()).rejects.toThrow('neither its ID nor the name of its host');
	});
});
