// What must change nothing, seen from between jetmedic and the deployment: each request to Docker and NATS is recorded.
import {readdirSync} from 'node:fs';
import {beforeAll, describe, expect, it, onTestFinished} from 'vitest';
import {tempFolder} from '../config/temp.ts';
import {changing} from '../proxy/changing.ts';
import {dockerProxy} from '../proxy/docker.ts';
import {natsProxy} from '../proxy/nats.ts';
import {jetmedic, makeOwnStream, own, ownFlags, restore} from './scene.ts';

/** Proxies in front of the deployment, and the flags that make jetmedic use them. */
async function watched() {
	const [docker, nats] = await Promise.all([dockerProxy(), natsProxy()]);
	onTestFinished(async () => {
		await Promise.all([docker.close(), nats.close()]);
	});
	return {docker, nats, flags: ['--docker-host', docker.host, '--nats-url', nats.url]};
}

const runbooks = ['restart', 'purge', 'recover'];

describe('the proxies', {timeout: 90_000}, () => {
	beforeAll(restore, 90_000);

	it('see what a run changes', async () => {
		await makeOwnStream(1500);
		const {docker, nats, flags} = await watched();
		const run = jetmedic(['run', 'recover', '--yes', '--json', ...flags, ...ownFlags], {
			state: await tempFolder(),
		});
		await run.ended();
		const posts = changing(docker.requests).map((request) => 'path' in request && request.path);
		expect(posts).toContainEqual(expect.stringMatching(/\/containers\/\w+\/stop/));
		expect(posts).toContainEqual(expect.stringMatching(/\/containers\/\w+\/start/));
		expect(
			changing(nats.requests, {snapshots: true}).map((request) => 'subject' in request && request.subject),
		).toEqual([`$JS.API.STREAM.PURGE.${own.stream}`]);
	});
});

describe('a dry run', {timeout: 90_000}, () => {
	beforeAll(restore, 90_000);

	it.each(runbooks)('of %s shows plan, impact and preflight, and changes nothing', async (runbook) => {
		const state = await tempFolder();
		await makeOwnStream(1500);
		const {docker, nats, flags} = await watched();
		const text = jetmedic(['run', runbook, '--dry-run', ...flags, ...ownFlags], {state});
		const {code, stdout} = await text.ended();
		expect(stdout).toContain('Preflight, which changed nothing:');
		expect(stdout).toMatch(/✔ Docker engine +\d[\w.+~-]*, API [\d.]+, 5 containers of titan/);
		expect(stdout).toMatch(/✔ no other run +no run is in progress/);
		expect(stdout).toMatch(/✔ room in the store +\d/);
		expect(stdout).toContain(
			`$ ${runbook === 'restart' ? 'docker compose -p titan restart' : 'nats stream purge'}`,
		);
		if (runbook !== 'restart') {
			expect(stdout).toMatch(/It removes (500|1,500) of 1,500 messages/);
			expect(stdout).toMatch(/runs-consumer +(500|1,500) never delivered go/);
			expect(stdout).toMatch(/✔ JetStream +on/);
			expect(stdout).toMatch(/✔ permissions +these credentials may purge, back up/);
			expect(stdout).toMatch(/✔ room for the backup +\d/);
		}
		expect(code).toBe(0);
		const json = jetmedic(['run', runbook, '--dry-run', '--json', ...flags, ...ownFlags], {state});
		const plan = JSON.parse((await json.ended()).stdout);
		expect(plan.checks.length).toBeGreaterThan(2);
		expect(plan.checks.filter(({ok}: {ok: boolean}) => !ok)).toEqual([]);
		expect(docker.requests.length).toBeGreaterThan(5);
		expect(changing(docker.requests)).toEqual([]);
		expect(nats.requests.length > 0).toBe(runbook !== 'restart');
		expect(changing(nats.requests)).toEqual([]);
		expect(readdirSync(state)).toEqual([]);
	});
});

describe('read-only', {timeout: 90_000}, () => {
	beforeAll(restore, 90_000);

	const ways: [string, string[], Record<string, string>][] = [
		['the flag', ['--read-only'], {}],
		['the configuration', ['--config', 'read-only.yaml'], {}],
		['the environment', [], {JETMEDIC_READ_ONLY: '1'}],
	];

	it.each(ways.flatMap((way) => runbooks.map((runbook) => [runbook, ...way] as const)))(
		'%s is refused by %s, and nobody is asked for anything',
		async (runbook, _, args, env) => {
			const state = await tempFolder({'read-only.yaml': 'readOnly: true\n'});
			const {docker, nats, flags} = await watched();
			const run = jetmedic(['run', runbook, '--yes', '--json', ...args, ...flags], {state, env});
			const {code, stderr} = await run.ended();
			expect(code).toBe(1);
			expect(stderr).toContain(
				'This is read-only (--read-only, JETMEDIC_READ_ONLY or the configuration): no runbook is run.',
			);
			expect(run.events.map(({event}) => event)).toEqual(['finished']);
			expect(docker.requests).toEqual([]);
			expect(nats.requests).toEqual([]);
			expect(readdirSync(state)).toEqual(['read-only.yaml']);
		},
	);
});
