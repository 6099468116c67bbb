/** Whether what is acted on is the deployment's own: its server, its store, its clients. Runs inside `lab exec`. */
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeEach, describe, expect, it, onTestFinished} from 'vitest';
import {openDocker} from '../../source/clients/docker/client.ts';
import {dockerEndpoint} from '../../source/clients/docker/endpoint.ts';
import {readAllConnections} from '../../source/clients/nats/connections.ts';
import {titan} from '../../source/config/titan.ts';
import {readMemory} from '../../source/records/memory.ts';
import {natsUsers} from '../../source/state/nats-users.ts';
import {tempFolder} from '../config/temp.ts';
import {placeIn} from '../place-in.ts';
import {until} from '../until.ts';
import {clients, container, docker, jetmedic, publish, restore, streamState, withNats} from './scene.ts';

const stream = 'TITAN_INTENTS';
const neighbour = 'identity-neighbour';

async function check(state: string) {
	const {stdout} = await jetmedic(['check', '--json'], {state}).ended();
	return JSON.parse(stdout) as {
		findings: {id: string; cause?: string; runbook?: string}[];
		state: {nats: {identity?: {answers: {is: string; why: string}[]}}};
	};
}

const dropNeighbour = () =>
	docker
		.getContainer(neighbour)
		.remove({force: true})
		.catch(() => {});

/** Another deployment's server at the ports of the own one, with a stream of the same name. */
async function startNeighbour(messages: number): Promise<void> {
	const {Config} = await container('titan-nats');
	await dropNeighbour();
	onTestFinished(async () => {
		await dropNeighbour();
	});
	const published = (port: number) => [{HostIp: '127.0.0.1', HostPort: String(port)}];
	const made = await docker.createContainer({
		name: neighbour,
		Image: Config.Image,
		Cmd: ['nats-server', '-js', '-sd', '/tmp/store', '-p', '4222', '-m', '8222', '--name', 'neighbour'],
		ExposedPorts: {'4222/tcp': {}, '8222/tcp': {}},
		HostConfig: {
			// The lab's engine has no other network.
			NetworkMode: 'titan_titan',
			PortBindings: {'4222/tcp': published(4222), '8222/tcp': published(8222)},
		},
	});
	await made.start();
	await until(
		'the neighbour has its stream',
		() =>
			withNats(async (nc, jsm) => {
				await jsm.streams.add({name: stream, subjects: ['titan.intents.>']});
				await publish(nc, 'titan.intents.n', messages);
				return true;
			}).catch(() => false),
		20_000,
	);
}

describe('what is acted on', {timeout: 120_000}, () => {
	beforeEach(restore, 90_000);
	afterAll(restore, 90_000);

	it('is the server in the container: at another one every runbook is refused', async () => {
		const state = await tempFolder();
		const healthy = await check(state);
		expect(healthy.state.nats.identity?.answers.map(({is}) => is)).toEqual(['same', 'same']);
		const {stdout} = await jetmedic(['run', 'purge', '--dry-run'], {state}).ended();
		expect(stdout).toMatch(/127\.0\.0\.1:4222: titan-nats \(N\w+…\) runs in the container of titan-nats/);

		await docker.getContainer('titan-nats').stop();
		await startNeighbour(3000);
		const fresh = await tempFolder();
		const {findings, state: seen} = await check(fresh);
		expect(findings[0]).toMatchObject({id: 'server-impostor:titan-nats', severity: 'critical'});
		expect(seen.nats.identity?.answers[0]?.why).toMatch(
			/^neighbour \(N\w+…\) answers, titan-nats is exited$/,
		);
		// Nothing that is read of it has a runbook of its own.
		expect(findings.filter(({id, runbook}) => /^(stream|consumer|nats)-/.test(id) && runbook)).toEqual([]);
		// And nothing of it is kept.
		const place = placeIn(fresh);
		expect(existsSync(place.configs)).toBe(false);
		expect(readMemory(place, Date.now()).streams).toEqual([]);

		for (const runbook of ['purge', 'restart', 'recover', 'recreate', 'service.titan-brain']) {
			const {code, stdout: out, stderr} = await jetmedic(['run', runbook, '--yes'], {state}).ended();
			expect(code, runbook).not.toBe(0);
			expect(`${out}${stderr}`).toMatch(/4222 is answered by another server, so no runbook runs on it/);
		}
		expect((await streamState(stream)).messages).toBe(3000);
		expect((await container('titan-nats')).State.Running).toBe(false);
	});

	it('outlives its container, or that is not made again', async () => {
		const state = await tempFolder();
		const conf = join(process.env['TITAN_NATS_CONF'] ?? '', 'nats.conf');
		const before = readFileSync(conf, 'utf8');
		onTestFinished(async () => {
			writeFileSync(conf, before);
			await docker
				.getNetwork('titan_titan')
				.connect({Container: 'titan-nats', EndpointConfig: {Aliases: ['titan-nats']}})
				.catch(() => {});
			await docker.getContainer('titan-nats').restart();
		});
		writeFileSync(conf, before.replace('store_dir: /data', 'store_dir: /var/lib/nats'));
		await docker.getContainer('titan-nats').restart();
		await until(
			'the services publish again',
			() =>
				streamState(stream).then(
					({messages}) => messages > 0,
					() => false,
				),
			30_000,
		);
		// On a busy machine one look may be over before the server has said where its store is.
		await until(
			'it is told before anything is lost',
			async () => (await check(state)).findings.some(({id}) => id === 'store-in-container:titan-nats'),
			30_000,
		);

		await docker.getNetwork('titan_titan').disconnect({Container: 'titan-nats', Force: true});
		const made = (await container('titan-nats')).Created;
		for (const runbook of ['restart', 'recover']) {
			const {code, stdout, stderr} = await jetmedic(['run', runbook, '--yes'], {state}).ended();
			expect(code, runbook).not.toBe(0);
			expect(`${stdout}${stderr}`).toMatch(
				/keeps its streams inside its container \(\/var\/lib\/nats\/jetstream\)/,
			);
		}
		expect((await container('titan-nats')).Created).toBe(made);
	});

	it('is what uses NATS: the services by their connections, and no server', async () => {
		const engine = openDocker(dockerEndpoint({}, process.env));
		const users = await until(
			'all are connected',
			async () => {
				const read = await readAllConnections([titan.nats.monitor]);
				const containers = (await engine.list('titan')).map((one) => ({...one, dependsOn: []}));
				const found = natsUsers(containers, {...titan, health: [], metrics: []}, read);
				return found.uses.length === clients.length && found;
			},
			30_000,
		);
		expect(users).toMatchObject({servers: ['titan-nats'], others: [], isKnown: true});
		expect(users.uses.map(({service}) => service).sort()).toEqual([...clients].sort());
		expect(new Set(users.uses.map(({why}) => why))).toEqual(new Set(['it is connected']));
	});
});
