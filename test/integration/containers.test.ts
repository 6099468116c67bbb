/** Containers that are not what they seem, and those that are more or less than one service. Runs inside `lab exec`. */
import {join} from 'node:path';
import {afterAll, beforeEach, describe, expect, it, onTestFinished} from 'vitest';
import {breakFault} from '../../lab/lab.ts';
import {tempFolder} from '../config/temp.ts';
import {until} from '../until.ts';
import {container, docker, expectAllRunning, jetmedic, restore, startTimes} from './scene.ts';

const prefix = 'com.docker.compose.';
const decoyImage = 'jetmedic-test-decoy';
const lockName = 'jetmedic-run-titan';

/** A container of the brain's image with these labels of Compose, over the brain's own; gone when the test ends. */
async function make(name: string, labels: Record<string, string>, options: object = {}) {
	const {Config, Image} = await container('titan-brain');
	const given = Object.entries(labels).map(([key, value]) => [`${prefix}${key}`, value]);
	const made = await docker.createContainer({
		name,
		Image,
		Entrypoint: [],
		Cmd: ['sleep', '600'],
		Healthcheck: {Test: ['NONE']},
		Labels: {...Config.Labels, ...Object.fromEntries(given)},
		...options,
	});
	onTestFinished(() => made.remove({force: true}).catch(() => {}));
	return made;
}

type Looked = {
	state: {services: Record<string, {containerId: string; status: string}>};
	findings: {id: string; severity: string; evidence: string}[];
};

async function check(...args: string[]): Promise<Looked & {ids: string[]; services: string[]}> {
	const {stdout} = await jetmedic(['check', '--json', ...args], {state: await tempFolder()}).ended();
	const looked = JSON.parse(stdout) as Looked;
	return {...looked, ids: looked.findings.map(({id}) => id), services: Object.keys(looked.state.services)};
}

/** What the images of locks are that the engine has. */
const lockImages = () => docker.listImages({filters: {reference: ['jetmedic-lock']}});

async function refused(why: RegExp): Promise<void> {
	const before = await startTimes();
	const run = await jetmedic(['run', 'restart', '--yes'], {state: await tempFolder()}).ended();
	expect(run.code).toBe(1);
	expect(`${run.stdout}${run.stderr}`).toMatch(why);
	expect(await startTimes()).toEqual(before);
}

describe('the containers of a project', {timeout: 90_000}, () => {
	beforeEach(restore, 90_000);
	afterAll(restore, 90_000);

	it('are none that have their labels from their image', async () => {
		await docker.getContainer('titan-brain').commit({repo: decoyImage, tag: 'latest', pause: false});
		onTestFinished(() => docker.getImage(decoyImage).remove({force: true}));
		const decoy = await docker.createContainer({
			name: 'decoy',
			Image: decoyImage,
			Entrypoint: [],
			Cmd: ['sleep', '600'],
		});
		onTestFinished(() => decoy.remove({force: true}));
		await decoy.start();
		const {state, ids, services} = await check();
		expect(ids).toContain('container-impostor:decoy');
		expect(services).toHaveLength(5);
		expect(state.services['titan-brain']?.containerId).toBe((await container('titan-brain')).Id);
		const run = jetmedic(['run', 'service.titan-brain', '--yes', '--json'], {state: await tempFolder()});
		expect((await run.ended()).code).toBe(0);
		expect((await decoy.inspect()).RestartCount).toBe(0);
	});

	it('that are one service are named, and no run begins', async () => {
		const twin = await make('twin', {});
		const {findings} = await check();
		const found = findings.find(({id}) => id === 'container-duplicate:titan-brain');
		expect(found?.severity).toBe('critical');
		for (const {Id} of [await container('titan-brain'), await twin.inspect()]) {
			expect(found?.evidence).toContain(Id.slice(0, 12));
		}
		await refused(/twin .* are both titan-brain/);
	});

	it('are each replica, no one-off, and no job that is done', async () => {
		const replica = await make('second', {service: 'titan-scavenger', 'container-number': '2'});
		const once = await make('once', {service: 'titan-scavenger', oneoff: 'True', 'container-number': '1'});
		const job = await make('job', {service: 'migrate'}, {Cmd: ['true']});
		await Promise.all([replica, once, job].map((one) => one.start()));
		await until('the job is done', async () => (await job.inspect()).State.Status === 'exited', 10_000);
		const {state, ids, services} = await check();
		expect(services.sort()).toEqual([
			'migrate',
			'titan-brain',
			'titan-execution',
			'titan-nats',
			'titan-scavenger',
			'titan-scavenger-2',
			'titan-sentinel',
		]);
		expect(state.services['migrate']).toMatchObject({status: 'exited', mayEnd: true});
		expect(ids.filter((id) => id.startsWith('container-'))).toEqual([]);
		const {stdout} = await jetmedic(['check'], {state: await tempFolder()}).ended();
		expect(stdout).toMatch(/: 6 of 6 containers running/);
	});

	it('of another project of the same name stop every run until one is chosen', async () => {
		await make('other', {
			service: 'other',
			'project.working_dir': '/srv/other',
			'project.config_files': '/srv/other/compose.yml',
		});
		expect((await check()).ids).toContain('project-ambiguous');
		await refused(/2 projects are called titan/);
		const {Config} = await container('titan-brain');
		const folder = await tempFolder({
			'jetmedic.yaml': `docker: {workingDir: ${JSON.stringify(Config.Labels[`${prefix}project.working_dir`])}}\n`,
		});
		const chosen = await check('--config', join(folder, 'jetmedic.yaml'));
		expect(chosen.ids).not.toContain('project-ambiguous');
		expect(chosen.services).toHaveLength(5);
	});

	it('are made by Compose from a trusted file, where one is gone', async () => {
		const state = await tempFolder();
		const look = async () => (await jetmedic(['check', '--json'], {state}).ended()).stdout;
		await look();
		await docker.getContainer('titan-scavenger').remove({force: true});
		expect(await look()).toContain('container-down:titan-scavenger');
		// Who never saw it takes it for left out on purpose.
		expect((await check()).ids).not.toContain('container-down:titan-scavenger');
		const run = jetmedic(['run', 'service.titan-scavenger', '--yes', '--json'], {state: await tempFolder()});
		expect((await run.ended()).code).toBe(0);
		const {Config} = await container('titan-scavenger');
		const shown = run.events.flatMap((event) =>
			event.event === 'started' ? event.steps.map(({command}) => command) : [],
		);
		expect(shown).toContainEqual(
			expect.stringContaining(`-f ${Config.Labels[`${prefix}project.config_files`]}`),
		);
		expect(shown).toContainEqual(
			expect.stringMatching(/ --no-recreate --no-deps --no-build -- titan-scavenger$/),
		);
		await expectAllRunning();
	});

	it('hold the lock in an image of its own, which is gone with it', async () => {
		await breakFault('brain-down');
		const run = jetmedic(['run', 'restart', '--yes', '--json'], {state: await tempFolder()});
		await run.step('wait-endpoints');
		const {Image, State} = await container(lockName);
		expect(State.Status).toBe('created');
		expect((await lockImages()).map(({Id}) => Id)).toEqual([Image]);
		await docker.getContainer('titan-brain').start();
		expect((await run.ended()).code).toBe(0);
		expect(await lockImages()).toEqual([]);
	});

	it('that have the name of the lock, and are none, block nobody', async () => {
		const squatter = await make(lockName, {service: '', project: ''}, {Labels: {'io.jetmedic.run': 'r2'}});
		const run = await jetmedic(['run', 'restart', '--yes'], {state: await tempFolder()}).ended();
		expect(run.code).toBe(0);
		expect(`${run.stdout}${run.stderr}`).toMatch(/jetmedic-run-titan is not a lock/);
		expect((await squatter.inspect()).State.Status).toBe('created');
		expect(await lockImages()).toEqual([]);
	});
});
