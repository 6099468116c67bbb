/** What Compose says of a project's files. Runs inside `lab exec`. */
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {composeServices} from '../../source/clients/docker/compose.ts';
import {dockerEndpoint} from '../../source/clients/docker/endpoint.ts';
import {titan} from '../../source/config/titan.ts';
import {tempFolder} from '../config/temp.ts';

it('names the services of every profile', {timeout: 20_000}, async () => {
	const folder = await tempFolder({
		'compose.yaml':
			'services:\n  api: {image: a}\n  worker: {image: a, profiles: [jobs]}\n  admin: {image: a, profiles: [tools]}\n',
	});
	const services = await composeServices(dockerEndpoint(titan.docker, process.env), {
		project: 'profiles',
		configFiles: [join(folder, 'compose.yaml')],
		environmentFiles: [],
		workingDir: folder,
	});
	expect(services?.sort()).toEqual(['admin', 'api', 'worker']);
});
