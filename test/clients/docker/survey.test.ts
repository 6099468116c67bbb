import {chmod} from 'node:fs/promises';
import type {IncomingMessage, ServerResponse} from 'node:http';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {openDocker} from '../../../source/clients/docker/client.ts';
import {isMadeByCompose} from '../../../source/clients/docker/made-by-compose.ts';
import type {NewestFiles} from '../../../source/clients/docker/releases.ts';
import {type Listed, listedSchema} from '../../../source/clients/docker/schema.ts';
import {type Choice, surveyOf} from '../../../source/clients/docker/survey.ts';
import {isAmbiguous} from '../../../source/state/project.ts';
import {tempFolder} from '../../config/temp.ts';
import {httpServer} from '../server.ts';

const prefix = 'com.docker.compose.';
const labelled = (labels: Record<string, string>): Record<string, string> =>
	Object.fromEntries(Object.entries(labels).map(([name, value]) => [`${prefix}${name}`, value]));
const claims = {
	project: 'titan',
	service: 'titan-nats',
	'container-number': '1',
	oneoff: 'False',
	'config-hash': 'abc',
	'project.config_files': '/srv/titan/compose.yml',
	'project.working_dir': '/srv/titan',
};
let ids = 0;
const row = (labels: Record<string, string> = {}, changes: Partial<Listed> = {}): Listed =>
	listedSchema.parse({
		Id: `id${++ids}`,
		Names: [`/c${ids}`],
		Image: 'nats:2',
		ImageID: 'sha256:1',
		State: 'running',
		Created: ids,
		Labels: labelled({...claims, ...labels}),
		...changes,
	});
const plain = new Map([['sha256:1', {}]]);
const survey = (rows: Listed[], choice?: Choice) => surveyOf(rows, plain, choice);

describe('whether Compose made a container', () => {
	const of = (
		labels: Record<string, string>,
		image: Record<string, string> | undefined,
		ImageID = 'sha256:1',
	) => isMadeByCompose({Labels: labelled(labels), ImageID}, image && labelled(image));

	it.each([
		['its image has no labels', claims, {}],
		['its image is gone', claims, undefined],
		["its image is another project's", claims, {...claims, project: 'other', service: 'x'}],
		[
			'its image was committed from a service, and its configuration names that image',
			claims,
			{...claims, 'config-hash': 'old'},
		],
		[
			'its image was committed from the same service, and it says of which image it is',
			{...claims, image: 'sha256:1'},
			{...claims, image: 'sha256:0'},
		],
		['somebody gave it labels by hand', {project: 'titan', service: 'a'}, {}],
	])('it did where %s', (_, labels, image) => {
		expect(of(labels, image)).toBe(true);
	});

	it.each([
		['all labels are those of its image', claims, claims],
		[
			'its image says that it is the digest of another',
			{...claims, image: 'sha256:0'},
			{...claims, image: 'sha256:0'},
		],
		['somebody gave it the project alone', claims, {...claims, project: 'other'}],
		['it lacks the hash, as its image does', {project: 'titan', service: 'a'}, {service: 'a'}],
	])('it did not where %s', (_, labels, image) => {
		expect(of(labels, image)).toBe(false);
	});
});

describe('the containers of a project', () => {
	it('are its services without impostors, which are named', () => {
		const decoy = row({}, {ImageID: 'sha256:bad', Names: ['/decoy'], Image: 'evil'});
		const {services, facts} = surveyOf(
			[decoy, row()],
			new Map([
				['sha256:1', {}],
				['sha256:bad', labelled(claims)],
			]),
		);
		expect(services.map(({Id}) => Id)).toEqual([`id${ids}`]);
		expect(facts.duplicates).toEqual([]);
		expect(facts.impostors).toEqual([
			{
				containerId: decoy.Id,
				containerName: 'decoy',
				image: 'evil',
				status: 'running',
				service: 'titan-nats',
			},
		]);
	});

	it('that are one service and number are all named; the running one stands for it', () => {
		const old = row({}, {State: 'exited'});
		const young = row();
		const {services, facts} = survey([old, young]);
		expect(services).toEqual([young]);
		expect(facts.duplicates).toMatchObject([
			{service: 'titan-nats', number: '1', containers: [{containerId: young.Id}, {containerId: old.Id}]},
		]);
		expect(facts.duplicates[0]?.isReplaced).toBeUndefined();
	});

	it('that Compose replaces are known as such', () => {
		const next = row({replace: 'titan-nats'}, {State: 'created'});
		expect(survey([next, row()]).facts.duplicates).toMatchObject([{isReplaced: true}]);
	});

	it('are no replica of another number, and no one-off', () => {
		const {services, facts} = survey([row(), row({'container-number': '2'}), row({oneoff: 'True'})]);
		expect(services).toHaveLength(2);
		expect(facts.duplicates).toEqual([]);
		expect(facts.oneOffs).toMatchObject([{service: 'titan-nats', containerId: `id${ids}`}]);
	});

	it('without the label that Compose looks for are none', () => {
		expect(survey([row({oneoff: ''}), row({service: ''})]).services).toEqual([]);
	});
});

describe('projects of one name', () => {
	const other = (service: string, folder = '/srv/other') =>
		row({
			service,
			'project.working_dir': folder,
			'project.config_files': `${folder}/compose.yml`,
		});

	it('are one where their containers share a file, also relative to their folder as Compose v1 has it', () => {
		const {facts, services} = survey([
			row({'project.config_files': 'compose.yml,over.yml'}),
			row({service: 'api', 'project.config_files': '/srv/titan/compose.yml'}),
			row({service: 'web', 'project.config_files': '/srv/titan/over.yml'}),
		]);
		expect(services).toHaveLength(3);
		expect(facts.parts).toHaveLength(1);
	});

	it('are several where they share none, and nothing is chosen for anybody', () => {
		const {facts, services} = survey([row(), other('api')]);
		expect(services).toHaveLength(2);
		expect(facts.chosen).toBeUndefined();
		expect(facts.parts).toMatchObject([
			{workingDir: '/srv/other', services: ['api']},
			{workingDir: '/srv/titan', files: ['/srv/titan/compose.yml'], services: ['titan-nats']},
		]);
	});

	it.each([
		['a folder', {workingDir: '/srv/titan/'}, ['titan-nats']],
		['a file', {files: ['/srv/other/compose.yml']}, ['api']],
		['several folders', {workingDir: ['/srv/titan', '/srv/other']}, ['api', 'titan-nats']],
		[
			'a folder, and a file that the console sees by another path',
			{workingDir: '/srv/titan', files: ['/mnt/c.yml']},
			['titan-nats'],
		],
	])('are chosen by %s', (_, choice, services) => {
		const seen = survey(
			[row(), other('api'), row({service: 'x'}, {ImageID: 'sha256:2', Labels: {}})],
			choice,
		);
		expect(seen.facts.chosen).toBeDefined();
		expect(seen.services.map(({Labels}) => Labels?.[`${prefix}service`])).toEqual(services);
	});

	it.each([[{workingDir: '/srv/none'}], [{files: ['/srv/none.yml']}]])('are not chosen by %j', (choice) => {
		expect(survey([row(), other('api')], choice).facts.chosen).toBeUndefined();
	});
});

describe('the folders of releases', () => {
	const release = (number: number, service: string, labels: Record<string, string> = {}) =>
		row({
			service,
			'project.working_dir': `/srv/releases/${number}`,
			'project.config_files': `/srv/releases/${number}/compose.yml`,
			...labels,
		});
	const all = ['nats', 'api', 'worker'];
	const newest = (changes: Partial<NewestFiles> = {}): NewestFiles => ({
		files: ['/srv/releases/3/compose.yml'],
		services: all,
		isThere: () => true,
		...changes,
	});
	const parts = (rows: Listed[], files: NewestFiles) =>
		surveyOf(rows, plain, {}, files).facts.parts.map(({workingDir, services}) => [workingDir, ...services]);

	it('are one project, of the newest file, if that names all services', () => {
		const rows = [release(1, 'nats'), release(2, 'worker'), release(3, 'api')];
		expect(survey(rows).facts.parts).toHaveLength(3);
		const {facts, services} = surveyOf(rows, plain, {}, newest());
		expect(services).toHaveLength(3);
		expect(facts.parts).toEqual([
			{
				workingDir: '/srv/releases/3',
				files: ['/srv/releases/3/compose.yml'],
				services: ['api', 'nats', 'worker'],
			},
		]);
		expect(isAmbiguous(facts)).toBe(false);
	});

	it('are one project, too, if only a new replica was made from the new folder', () => {
		const rows = [release(2, 'worker'), release(3, 'worker', {'container-number': '2'})];
		expect(parts(rows, newest())).toHaveLength(1);
	});

	it.each([
		['they share a service and number', [release(2, 'api'), release(3, 'api')], {}],
		['the newest file does not name a service of the other', [release(2, 'web'), release(3, 'api')], {}],
		[
			'the newest file cannot be read, and the old one is there',
			[release(2, 'nats'), release(3, 'api')],
			{services: undefined},
		],
		[
			'both files are on another host',
			[release(2, 'nats'), release(3, 'api')],
			{services: undefined, isThere: () => false},
		],
		[
			'the files that were read are not those of the newest part',
			[release(3, 'nats'), release(2, 'api')],
			{},
		],
	])('are two projects if %s', (_, rows, changes) => {
		// Which is the newest is told by when it was made.
		const made = rows.map((one, index) => ({...one, Created: index}));
		expect(parts(made, newest(changes))).toHaveLength(2);
	});

	it('are one project if the file cannot be read, and the old one is gone', () => {
		const files = newest({services: undefined, isThere: (path) => path.includes('/3/')});
		expect(parts([release(2, 'nats'), release(3, 'api')], files)).toHaveLength(1);
		const twice = [release(2, 'api', {'container-number': '2'}), release(3, 'api')];
		expect(parts(twice, files)).toHaveLength(2);
	});

	it('are looked for by the client, in files that nobody else can change', async () => {
		const folder = await tempFolder({
			'new/compose.yml': 'services: {nats: {image: a}, api: {image: a}}',
			'old/compose.yml': 'services: {nats: {image: a}}',
		});
		const at = (name: string, service: string) =>
			row({
				service,
				'project.working_dir': join(folder, name),
				'project.config_files': join(folder, name, 'compose.yml'),
			});
		const rows = [at('old', 'nats'), at('new', 'api')];
		const look = async (choice?: Choice) =>
			(await (await engine(rows, {}, 404, choice)).client.survey('titan')).facts;
		expect((await look()).parts).toMatchObject([
			{workingDir: join(folder, 'new'), services: ['api', 'nats']},
		]);
		// The operator's own word for a folder is kept.
		expect((await look({workingDir: join(folder, 'old')})).chosen).toMatchObject({services: ['nats']});
		expect((await look({files: [join(folder, 'new/compose.yml')]})).parts).toHaveLength(1);
		await chmod(join(folder, 'new/compose.yml'), 0o666);
		expect((await look()).parts).toHaveLength(2);
	});
});

/** An engine with these containers, which are all of one image; answers what was asked, too. */
async function engine(rows: object[], image: object | undefined, status = 404, choice: Choice = {}) {
	const asked: string[] = [];
	const url = new URL(
		await httpServer(({url: path = ''}: IncomingMessage, response: ServerResponse) => {
			asked.push(path.replace(/\?.*/, ''));
			const id = /containers\/(id\d+)\/json/.exec(path)?.[1];
			const found = rows.find((one) => (one as Listed).Id === id) as Listed | undefined;
			const body = path.includes('/images/')
				? image
				: path.includes('/info')
					? {ID: 'engine-1'}
					: found
						? {
								Id: id,
								Name: found.Names[0],
								Config: {Image: 'a', Labels: found.Labels},
								State: {Status: 'running'},
							}
						: rows;
			response.writeHead(body ? 200 : status, {'content-type': 'application/json'});
			response.end(JSON.stringify(body ?? {message: 'No such image'}));
		}),
	);
	const client = openDocker(
		{kind: 'tcp', host: url.hostname, port: Number(url.port), describe: url.href},
		choice,
	);
	return {client, asked};
}

describe('an engine', () => {
	it('is asked once for each image, and never about what a file of a label says', async () => {
		const {client, asked} = await engine([row(), row({service: 'api'})], {Config: {Labels: null}});
		expect((await client.survey('titan')).facts.expected).toBeUndefined();
		await client.list('titan');
		expect(asked.filter((path) => path.includes('/images/'))).toHaveLength(1);
	});

	it('is not asked about the image of what proves itself', async () => {
		const {client, asked} = await engine([row({image: 'sha256:1'})], {Config: {Labels: labelled(claims)}});
		expect(await client.list('titan')).toHaveLength(1);
		expect(asked.filter((path) => path.includes('/images/'))).toEqual([]);
	});

	it('gives no row to what has its labels from its image', async () => {
		const {client} = await engine([row()], {Config: {Labels: labelled(claims)}});
		expect(await client.list('titan')).toEqual([]);
		expect(await client.composeProject('titan')).toBeUndefined();
	});

	it.each([404, 403])('whose image can not be read (%i) still has the container', async (status) => {
		const {client} = await engine([row()], undefined, status);
		expect(await client.list('titan')).toHaveLength(1);
	});

	it('that fails is not taken for one without the container', async () => {
		const {client} = await engine([row()], undefined, 500);
		await expect(client.list('titan')).rejects.toThrow('No such image');
	});

	it('calls a second replica otherwise where its name is another service', async () => {
		const {client} = await engine(
			[row({service: 'w'}), row({service: 'w', 'container-number': '2'}), row({service: 'w-2'})],
			{},
		);
		expect((await client.list('titan')).map(({service}) => service).sort()).toEqual(['w', 'w (2)', 'w-2']);
	});

	it('says its ID', async () => {
		expect(await (await engine([], {})).client.engineId()).toBe('engine-1');
	});
});
