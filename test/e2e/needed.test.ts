// The calls to Docker and NATS that docs/security.md lists are all that is needed: with a proxy that refuses every other one,
// each use works; and none of them is listed in vain.
import {describe, expect, it, onTestFinished} from 'vitest';
import {breakFault, mend} from '../../lab/lab.ts';
import {tempFolder} from '../config/temp.ts';
import {jetmedic} from '../integration/scene.ts';
import {dockerProxy} from '../proxy/docker.ts';
import {natsProxy} from '../proxy/nats.ts';
import {dockerCall, natsCall, needed, type Use} from '../proxy/needed.ts';
import {publishIntents, useLab} from './lab.ts';
import {makeHome, start} from './terminal.ts';

const names = {stream: 'TITAN_INTENTS', consumer: 'execution-consumer'};
const seen: Record<string, {docker: Set<string>; nats: Set<string>}> = {};

/** Proxies that let only these calls pass, and the flags that make jetmedic use them. */
async function only(...uses: Use[]) {
	const lists = [...uses.map((use) => needed[use]), needed.sometimes];
	const may = {
		docker: new Set(lists.flatMap(({docker}) => docker)),
		nats: new Set(lists.flatMap(({nats}) => nats)),
	};
	const used = {docker: new Set<string>(), nats: new Set<string>()};
	const refused: string[] = [];
	const docker = await dockerProxy(undefined, (request) => {
		const call = dockerCall(request);
		used.docker.add(call);
		const passes = may.docker.has(call);
		if (!passes) {
			refused.push(call);
		}
		return passes;
	});
	const nats = await natsProxy((request) => {
		const call = natsCall(request, names);
		used.nats.add(call);
		if (!may.nats.has(call)) {
			refused.push(call);
			return 'drop';
		}
		return 'pass';
	});
	onTestFinished(async () => {
		await Promise.all([docker.close(), nats.close()]);
	});
	const last = uses.at(-1)!;
	seen[last] = used;
	return {flags: ['--docker-host', docker.host, '--nats-url', nats.url], refused};
}

describe('the lists of needed calls', {timeout: 120_000}, () => {
	useLab();

	it('are enough to watch', async () => {
		const {flags, refused} = await only('watch');
		const home = makeHome();
		const terminal = start({home, args: flags});
		await terminal.see('Nothing is wrong', {withinMs: 30_000});
		// The statistics, the logs and the advisories come a moment later.
		await terminal.see(/\d %/, {withinMs: 20_000});
		const check = jetmedic(['check', ...flags], {state: home.state});
		expect(await check.ended()).toMatchObject({code: 0});
		terminal.close();
		expect(refused).toEqual([]);
	});

	it.each([
		['backup', ['backup']],
		['restart', ['run', 'restart', '--yes', '--json']],
		['purge', ['run', 'purge', '--yes', '--json']],
		['recover', ['run', 'recover', '--yes', '--json']],
		['recreate', ['run', 'recreate', '--yes', '--json']],
		['service', ['run', 'service.titan-sentinel', '--yes', '--json']],
	] as const)('are enough for %s', async (use, args) => {
		const {flags, refused} = await only('watch', use);
		const state = await tempFolder();
		await publishIntents(1200);
		// What was never seen is not recreated.
		await jetmedic(['check', ...flags], {state}).ended();
		if (use === 'recreate') {
			onTestFinished(() => mend(), 60_000);
			await breakFault('consumer-deleted');
		}
		const run = jetmedic([...args, ...flags], {state});
		const {code, stdout, stderr} = await run.ended();
		expect(refused).toEqual([]);
		expect(code, stdout + stderr).toBe(0);
	});

	it('list no call in vain', () => {
		const {sometimes: _, ...uses} = needed;
		for (const kind of ['docker', 'nats'] as const) {
			const made = new Set(Object.values(seen).flatMap((calls) => [...calls[kind]]));
			const listed = Object.values(uses).flatMap((calls) => calls[kind]);
			expect(listed.filter((call) => !made.has(call))).toEqual([]);
		}
	});
});
