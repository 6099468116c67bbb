import {describe, expect, it} from 'vitest';
import {composeProjectOf} from '../../../source/clients/docker/compose-project.ts';
import {type Listed, listedSchema} from '../../../source/clients/docker/schema.ts';

let created = 0;
const row = (labels: Record<string, string>): Listed =>
	listedSchema.parse({
		Id: `id${++created}`,
		Names: ['/c'],
		Image: 'a',
		ImageID: 'sha256:1',
		State: 'running',
		Created: created,
		Labels: Object.fromEntries(
			Object.entries(labels).map(([name, value]) => [`com.docker.compose.${name}`, value]),
		),
	});
const labels = {
	'project.working_dir': '/srv/app',
	'project.config_files': '/srv/app/deploy/compose.yml',
	'project.environment_file': 'prod.env,/etc/more.env',
};
const files = ['/srv/app/deploy/compose.yml'];
const environmentFiles = ['/srv/app/prod.env', '/etc/more.env'];

describe('where Compose reads a project from', () => {
	it('is what the newest container names', () => {
		const rows = [row({...labels, 'project.environment_file': 'old.env'}), row(labels)];
		expect(composeProjectOf('app', rows)).toEqual({
			project: 'app',
			configFiles: files,
			workingDir: '/srv/app',
			environmentFiles,
		});
		expect(composeProjectOf('app', [row({})])).toBeUndefined();
	});

	it('keeps the environment files and the folder that the containers name, if the configuration names the files', () => {
		expect(composeProjectOf('app', [row(labels), row(labels)], {files})).toEqual({
			project: 'app',
			configFiles: files,
			workingDir: '/srv/app',
			environmentFiles,
			isConfigured: true,
			believed: {environmentFiles: false, workingDir: false},
		});
	});

	it('has the environment files and the folder of the configuration, if it names them', () => {
		const choice = {files, envFiles: ['/srv/x.env'], workingDir: ['/srv/y']};
		expect(composeProjectOf('app', [row(labels)], choice)).toMatchObject({
			workingDir: '/srv/y',
			environmentFiles: ['/srv/x.env'],
			believed: {environmentFiles: true, workingDir: true},
		});
		expect(composeProjectOf('app', [row(labels)], {files, envFiles: []})).toMatchObject({
			environmentFiles: [],
			believed: {environmentFiles: true},
		});
		expect(composeProjectOf('app', [row(labels)], {envFiles: ['/srv/x.env']})).toEqual({
			project: 'app',
			configFiles: files,
			workingDir: '/srv/app',
			environmentFiles: ['/srv/x.env'],
			believed: {environmentFiles: true},
		});
	});

	it('is the folder of the file, if the containers name several or are gone', () => {
		const other = row({...labels, 'project.working_dir': '/srv/other'});
		for (const rows of [[row(labels), other], []]) {
			expect(composeProjectOf('app', rows, {files})).toMatchObject({
				workingDir: '/srv/app/deploy',
				believed: {workingDir: true},
			});
		}
	});
});
