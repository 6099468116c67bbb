/** Runbooks on a real cluster of three. Runs inside `lab exec` of a lab that is a cluster. */
import {describe, expect, it} from 'vitest';
import {tempFolder} from '../config/temp.ts';
import {
	clients,
	consumeOwn,
	container,
	docker,
	makeOwnStream,
	own,
	ownFlags,
	type Program,
	streamState,
} from '../integration/scene.ts';
import {until} from '../until.ts';
import {
	answers,
	isWell,
	metaLeader,
	onCluster,
	servers,
	serverUrls,
	startTimes,
	stop,
	useCluster,
} from './scene.ts';

const run = async (runbook: string, ...args: string[]) =>
	onCluster(await tempFolder(), 'run', runbook, '--yes', '--json', ...args);

/**
Which of the others did not answer whenever a run stopped one of the servers. That each was current before is the
run's own to see: once a leader is on its way down, a follower says for a moment that it has none.
*/
function silentAtStops(program: Program): Promise<string[][]> {
	const looks: Promise<string[]>[] = [];
	const seen = new Set<object>();
	const timer = setInterval(() => {
		for (const event of program.events) {
			if (event.event === 'stopping' && !seen.has(event)) {
				seen.add(event);
				const others = servers.filter((name) => !event.services.includes(name));
				looks.push(
					Promise.all(others.map(async (name) => ((await answers(name)) ? [] : [name]))).then((all) =>
						all.flat(),
					),
				);
			}
		}
	}, 5);
	return program.ended().then(() => {
		clearInterval(timer);
		return Promise.all(looks);
	});
}

describe('a runbook on a cluster', {timeout: 120_000}, () => {
	useCluster();

	it('restart takes one server after the other, the leader last, and never the majority', async () => {
		const [before, leader] = [await startTimes(), await metaLeader()];
		const program = await run('restart');
		const silent = await silentAtStops(program);
		const {code} = await program.ended();
		expect(program.result()).toMatchObject({result: 'verified'});
		expect(code).toBe(0);
		const after = await startTimes();
		expect(servers.filter((name) => after[name] === before[name])).toEqual([]);
		const byTime = [...servers].sort((a, b) => Date.parse(after[a]) - Date.parse(after[b]));
		expect(byTime.at(-1)).toBe(leader);
		expect(silent).toEqual([[], [], []]);
		// Each is announced before and is back before the next: nothing is left stopped at any moment but one.
		const lines = program.events.flatMap((event) =>
			event.event === 'stopping' || event.event === 'restored' ? [`${event.event} ${event.services}`] : [],
		);
		expect(lines).toEqual(byTime.flatMap((name) => [`stopping ${name}`, `restored ${name}`]));
		const checks = program.result()?.checks.map(({name}) => name);
		for (const name of servers) {
			expect(checks).toContain(`${name} is in the cluster`);
		}
		expect(checks).toContain('the replicas of TITAN_INTENTS are current');
	});

	it('restart starts what is down, and leaves alone what is well', async () => {
		const before = await startTimes();
		await stop('titan-nats-3');
		const program = await run('restart');
		await program.ended();
		expect(program.result()).toMatchObject({result: 'verified'});
		const after = await startTimes();
		expect(servers.filter((name) => after[name] !== before[name])).toEqual(['titan-nats-3']);
	});

	it('nothing is purged or recovered without a majority, and restart brings it back', async () => {
		await Promise.all([stop('titan-nats-2'), stop('titan-nats-3')]);
		for (const runbook of ['purge', 'recover']) {
			const program = await run(runbook);
			const {code, stdout, stderr} = await program.ended();
			expect(code).not.toBe(0);
			expect(`${stdout}${stderr}`).toMatch(/The cluster has no majority.*Run restart \(R\)/);
			expect(program.events.map(({event}) => event)).not.toContain('lost');
		}
		const program = await run('restart');
		await program.ended();
		expect(program.result()).toMatchObject({result: 'verified'});
	});

	it('the restart of one alone is refused while another one is down', async () => {
		await stop('titan-nats-3');
		const before = await startTimes();
		const program = await run('service.titan-nats-2');
		const {code, stdout, stderr} = await program.ended();
		expect(code).not.toBe(0);
		expect(`${stdout}${stderr}`).toContain(
			'titan-nats-3 is down: a restart of titan-nats-2 would cost the cluster its majority. Start titan-nats-3 first.',
		);
		expect(await startTimes()).toEqual(before);
	});

	it('purge works while one server is away, the first one', async () => {
		await makeOwnStream(3000, {num_replicas: 3});
		const last = (await streamState(own.stream)).last_seq;
		await stop('titan-nats');
		await until(
			'another one leads',
			async () => (await isWell('titan-nats-2')) && (await isWell('titan-nats-3')),
			30_000,
		);
		const program = await run('purge', ...ownFlags);
		const lost = await program.event(({event}) => event === 'lost', 'the purge');
		expect(lost).toMatchObject({removed: 2000});
		expect(last).toBe(3000);
		// What is down is told by the verification, which ends well once it is back.
		await docker.getContainer('titan-nats').start();
		await consumeOwn(serverUrls);
		await program.ended();
		const checks = program.result()?.checks ?? [];
		expect(checks.find(({name}) => name === 'titan-nats is in the cluster')).toMatchObject({ok: true});
		expect(program.result()).toMatchObject({result: 'verified'});
	});

	it('full recovery stops the clients and no server', async () => {
		await makeOwnStream(500, {num_replicas: 3});
		const before = await startTimes();
		const program = await run('recover', ...ownFlags);
		await program.ended();
		const stopped = program.events.flatMap((event) => (event.event === 'stopping' ? event.services : []));
		expect([...stopped].sort()).toEqual([...clients].sort());
		expect(await startTimes()).toEqual(before);
		expect((await streamState(own.stream)).messages).toBe(0);
		for (const name of clients) {
			expect((await container(name)).State.Running).toBe(true);
		}
	});
});
