import {chmod, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {composeUp, composeUpCommand} from '../../../source/clients/docker/compose.ts';
import {CompositionError, readComposition} from '../../../source/clients/docker/composition.ts';
import {tempFolder} from '../../config/temp.ts';

/** A project whose files are in a folder. Files are looked for where Compose looks: from its working folder. */
async function project(files: Record<string, string>, ...named: string[]) {
	const folder = await tempFolder(files);
	const configFiles = (named.length > 0 ? named : ['compose.yaml']).map((file) => join(folder, file));
	return {project: 'orders', configFiles, workingDir: folder, environmentFiles: [] as string[]};
}

const endpoint = {kind: 'socket', path: '/nowhere', describe: 'unix:///nowhere'} as const;

describe('what Compose files say', () => {
	it('is every service, of every profile; and those that should have a container', async () => {
		const one = await project({
			'compose.yaml': `
x-base: &base {image: a, restart: always}
services:
  api: {<<: *base, depends_on: {migrate: {condition: service_completed_successfully}}}
  worker: {image: a, restart: always, deploy: {replicas: 2}}
  migrate: {image: a, restart: always}
  admin: {image: a, restart: always, profiles: [tools]}
  spare: {image: a, restart: always, scale: 0}
`,
		});
		expect(await readComposition(one)).toEqual({
			services: ['api', 'worker', 'migrate', 'admin', 'spare'],
			expected: ['api', 'worker'],
			files: one.configFiles,
		});
	});

	it.each([
		['nothing', '{image: a}', false],
		['restart: "no"', '{image: a, restart: "no"}', false],
		['restart: no, which YAML 1.1 reads as false', '{image: a, restart: false}', false],
		['restart: on-failure:3', '{image: a, restart: "on-failure:3"}', false],
		['a health check that is disabled', '{image: a, healthcheck: {disable: true}}', false],
		['a policy of deploy', '{image: a, deploy: {restart_policy: {condition: on-failure}}}', false],
		['another policy of deploy', '{image: a, deploy: {restart_policy: {condition: any}}}', true],
		['restart: unless-stopped', '{image: a, restart: unless-stopped}', true],
		['a health check', '{image: a, healthcheck: {test: [CMD, x]}}', true],
		['ports', '{image: a, ports: ["80:80"]}', true],
		['a template', '{extends: {service: b}}', true],
	])('is not missed where it may end: it has %s', async (_, service, isExpected) => {
		const one = await project({'compose.yaml': `services: {one: ${service}}`});
		expect((await readComposition(one)).expected).toEqual(isExpected ? ['one'] : []);
	});

	it('is read with its overrides, what it includes, and what it extends', async () => {
		const one = await project(
			{
				'compose.yaml':
					'include: [{path: more/one.yaml}]\nservices: {api: {extends: {file: base.yaml, service: b}}}',
				'over.yaml': 'services: {api: {ports: !override []}, job: {image: a}}',
				'base.yaml': 'services: {b: {image: a}}',
				'more/one.yaml': 'include: [two.yaml]\nservices: {one: {image: a}}',
				'more/two.yaml': 'services: {two: {image: a}}',
			},
			'compose.yaml',
			'over.yaml',
		);
		const {services, files} = await readComposition(one);
		expect(services.sort()).toEqual(['api', 'job', 'one', 'two']);
		expect(files).toHaveLength(5);
	});

	it.each([
		['oci://registry.example/x', 'include: [oci://registry.example/x]'],
		['https://example.com/x.git', 'include: [{path: [https://example.com/x.git]}]'],
		['git@example.com:x', 'include: ["git@example.com:x"]'],
		['github.com/a/b', 'include: [github.com/a/b]'],
		['$WHERE', 'include: ["$WHERE/x.yaml"]'],
		['https://example.com/y', 'services: {a: {extends: {file: https://example.com/y, service: b}}}'],
	])('is refused where it comes from %s', async (from, text) => {
		// A file of that name is here, too: Compose would not look.
		const one = await project({
			'compose.yaml': text,
			'github.com/a/b': 'services: {}',
			'git@example.com:x': 'services: {}',
		});
		const refused = readComposition(one);
		await expect(refused).rejects.toThrow(CompositionError);
		await expect(refused).rejects.toThrow(from);
	});

	it.each([['oci://registry.example/x'], ['-'], ['compose.yaml'], ['https://x.example/y.git']])(
		'is refused where a label names %s as the file',
		async (file) => {
			await expect(
				readComposition({project: 'p', configFiles: [file], workingDir: '', environmentFiles: []}),
			).rejects.toThrow('only on local files');
		},
	);

	it('is refused where others can change the file, one that it includes, or the variables beside it', async () => {
		for (const open of ['compose.yaml', 'more.yaml', '.env', 'vars']) {
			const one = await project({
				'compose.yaml': 'include: [more.yaml]\nservices: {api: {image: a}}',
				'more.yaml': 'services: {more: {image: a}}',
				'.env': '',
				vars: '',
			});
			one.environmentFiles.push(join(one.workingDir, 'vars'));
			await expect(readComposition(one)).resolves.toBeDefined();
			await chmod(join(one.workingDir, open), 0o666);
			await expect(readComposition(one)).rejects.toThrow(
				new RegExp(`${open.replace('.', '\\.')}.*docker\\.${open === 'vars' ? 'envFiles' : 'files'}`),
			);
			// The configuration is the operator's own word.
			await expect(readComposition({...one, isConfigured: true})).resolves.toBeDefined();
		}
	});

	it('is refused where a label names variables or a folder that are gone or not to be believed', async () => {
		const one = {
			...(await project({
				'compose.yaml': 'services: {api: {image: a}}',
				'prod.env': '',
				'other/.env': '',
				'other/more.yaml': 'services: {}',
			})),
			isConfigured: true as const,
		};
		const at = one.workingDir;
		const variables = {...one, environmentFiles: [join(at, 'prod.env')], believed: {environmentFiles: false}};
		await expect(readComposition(variables)).resolves.toBeDefined();
		await chmod(join(at, 'prod.env'), 0o666);
		await expect(readComposition(variables)).rejects.toThrow(/prod\.env.*every user.*docker\.envFiles/);
		await expect(readComposition({...variables, believed: {}})).resolves.toBeDefined();
		const gone = {...variables, environmentFiles: [join(at, 'gone.env')]};
		await expect(readComposition(gone)).rejects.toThrow(/gone\.env is not on this host.*docker\.envFiles/);

		const folder = {...one, workingDir: join(at, 'other'), believed: {workingDir: false}};
		await expect(readComposition(folder)).resolves.toBeDefined();
		await chmod(join(at, 'other', '.env'), 0o666);
		await expect(readComposition(folder)).rejects.toThrow(/other\/\.env.*docker\.workingDir/);
		await expect(readComposition({...folder, workingDir: join(at, 'gone')})).rejects.toThrow(
			/gone, which the containers name, is not on this host/,
		);
		await chmod(join(at, 'other', '.env'), 0o600);
		await writeFile(one.configFiles[0]!, 'include: [more.yaml]\nservices: {api: {image: a}}');
		await expect(readComposition(folder)).resolves.toBeDefined();
		await chmod(join(at, 'other', 'more.yaml'), 0o666);
		await expect(readComposition(folder)).rejects.toThrow(/more\.yaml can be changed/);
	});

	it.each([
		['a file that is gone', {}, 'is not on this host'],
		['no YAML', {'compose.yaml': 'services: {a: '}, 'Could not read the Compose file'],
		[
			'an include that is gone',
			{'compose.yaml': 'include: [gone.yaml]'},
			'gone.yaml, which is not on this host',
		],
		['a bomb', {'compose.yaml': bomb()}, 'Could not read the Compose file'],
		['megabytes', {'compose.yaml': `# ${'x'.repeat(1 << 20)}`}, 'can have at most'],
	])('is refused where it is %s', async (_, files, why) => {
		await expect(readComposition(await project(files as Record<string, string>))).rejects.toThrow(why);
	});

	it('may go in a circle', async () => {
		const one = await project({'compose.yaml': 'include: [compose.yaml]\nservices: {api: {image: a}}'});
		expect((await readComposition(one)).services).toEqual(['api']);
	});
});

describe('making a container', () => {
	it('runs nothing for a name that is not a service', async () => {
		const one = await project({'compose.yaml': 'services: {api: {image: a}, "--scale=api=0": {image: a}}'});
		for (const name of ['web', '--scale=api=0', '-x', 'a b']) {
			await expect(composeUp(endpoint, one, [name])).rejects.toThrow('is not a service of');
		}
		await expect(composeUp(endpoint, one, [])).rejects.toThrow('An empty name is not a service');
	});

	it('is shown as it is executed, quoted', () => {
		const one = {
			project: 'orders',
			configFiles: ["/srv/it's/a.yaml"],
			workingDir: '/srv/x y',
			environmentFiles: ['/srv/e'],
		};
		expect(composeUpCommand(one, ['api'], true)).toBe(
			`docker compose -p orders -f '/srv/it'\\''s/a.yaml' --env-file /srv/e --project-directory '/srv/x y' up -d --force-recreate --no-deps --no-build -- api`,
		);
	});
});

/** Aliases of aliases, nine each. */
function bomb(): string {
	const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
	for (let level = 1; level < 9; level++) {
		lines.push(
			`a${level}: &a${level} [${Array(9)
				.fill(`*a${level - 1}`)
				.join(', ')}]`,
		);
	}
	return lines.join('\n');
}
