import {chmodSync, chownSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {openDocker} from '../../source/clients/docker/client.ts';
import type {LockContainer} from '../../source/clients/docker/lock-container.ts';
import {packTar} from '../../source/clients/docker/tar.ts';
import {titan} from '../../source/config/titan.ts';
import {type Holder, holderHere, toLabels} from '../../source/lock/holder.ts';
import type {JournalEvent} from '../../source/records/event.ts';
import {identify, openPlace} from '../../source/records/identity.ts';
import {makePlace, type Place} from '../../source/records/place.ts';
import {findRun} from '../../source/sources/runs.ts';
import {unfinishedRun} from '../../source/sources/unfinished.ts';
import {isUnfinished} from '../../source/state/run.ts';
import {canBecome} from '../able.ts';
import {httpServer} from '../clients/server.ts';
import {tempFolder} from '../config/temp.ts';
import {started} from '../runbook/fixture.ts';

type Shown = Pick<LockContainer, 'labels' | 'files'>;

/** An engine with an ID, which shows one lock container or none. */
async function fakeEngine(ID: string) {
	const state: {lock: Shown | undefined} = {lock: undefined};
	const url = new URL(
		await httpServer(({url: path = ''}, response) => {
			if (path.includes('/info')) {
				response.end(JSON.stringify({ID}));
			} else if (path.includes('/containers/json')) {
				const row = {Id: 'c', Names: ['/jetmedic-run-titan'], State: 'created', Labels: state.lock?.labels};
				response.end(JSON.stringify(state.lock ? [row] : []));
			} else if (path.includes('/archive') && state.lock) {
				const files = Object.entries(state.lock.files).map(([name, text]) => [`jetmedic/${name}`, text]);
				response.end(packTar(Object.fromEntries(files)));
			} else {
				response.writeHead(404).end('{}');
			}
		}),
	);
	const docker = openDocker({kind: 'tcp', host: url.hostname, port: Number(url.port), describe: url.origin});
	return {state, docker};
}

type Engine = Awaited<ReturnType<typeof fakeEngine>>;

/** What a user with these records sees with an engine. */
async function user({docker}: Engine, stateDir: string) {
	const config = {...titan, stateDir};
	const place = openPlace(config, docker.endpoint.describe);
	expect(await identify({docker, place}, 5000)).toBe(true);
	makePlace(place);
	return {docker, config, place};
}

const where = (engineId: string) => ({
	engine: 'tcp://x',
	engineId,
	project: 'titan',
	nats: 'nats://x',
	stream: 'S',
	consumer: 'C',
});
const killed = (engineId: string): JournalEvent[] => [
	started({run: 'r1', pid: 2 ** 22 + 1, pidStart: '1', where: where(engineId)}),
	{event: 'stopping', services: ['titan-brain'], at: 1001},
];
const ended = (run: string, at = 9000): JournalEvent[] => [
	started({run, resumes: 'r1', at}),
	{event: 'finished', result: 'verified', checks: [], elapsedMs: 1, at: at + 1},
];
const lines = (events: JournalEvent[]): string =>
	events.map((event) => `${JSON.stringify(event)}\n`).join('');
const write = ({runs}: Place, run: string, events: JournalEvent[]): void =>
	writeFileSync(join(runs, `${run}.jsonl`), lines(events), {mode: 0o600});
const lockOf = (run: string, events: JournalEvent[], changes: Partial<Holder> = {}): Shown => ({
	labels: toLabels({...holderHere(run, 'restart', {}), machine: 'another', ...changes}),
	files: {beat: '1', 'journal-0000': lines(events)},
});

describe('a killed run', () => {
	it('is unfinished on its engine alone, with one state folder for two engines of one name', async () => {
		const state = await tempFolder();
		const [a, b] = [await fakeEngine('A'), await fakeEngine('B')];
		const [onA, onB] = [await user(a, state), await user(b, state)];
		write(onA.place, 'r1', killed('A'));
		expect((await unfinishedRun(onA))?.id).toBe('r1');
		expect(await unfinishedRun(onB)).toBeUndefined();
		write(onB.place, 'r2', ended('r2'));
		expect((await unfinishedRun(onA))?.id).toBe('r1');
		expect((await unfinishedRun(await user(a, state)))?.id).toBe('r1');
	});

	it('is finished for its owner once another user finished it, also when the engine shows that no more', async () => {
		const engine = await fakeEngine('A');
		const owner = await user(engine, await tempFolder());
		write(owner.place, 'r1', killed('A'));
		expect(isUnfinished(await findRun(owner))).toBe(true);
		engine.state.lock = lockOf('r2', ended('r2'), {finishes: ['r1']});
		expect((await findRun(owner))?.id).toBe('r2');
		// As after `docker container prune`.
		engine.state.lock = undefined;
		const run = await findRun(owner);
		expect(run).toMatchObject({id: 'r1', finishedBy: 'r2'});
		expect(isUnfinished(run)).toBe(false);
	});

	it('is not finished by a run that is under way, or that was killed itself', async () => {
		const engine = await fakeEngine('A');
		const owner = await user(engine, await tempFolder());
		write(owner.place, 'r1', killed('A'));
		engine.state.lock = lockOf('r2', ended('r2').slice(0, 1), {finishes: ['r1']});
		await findRun(owner);
		engine.state.lock = undefined;
		expect((await unfinishedRun(owner))?.id).toBe('r1');
	});

	it('is found to be finished by whoever sees it, also when only the engine has its journal', async () => {
		const engine = await fakeEngine('A');
		engine.state.lock = lockOf('r1', killed('A'), {
			pid: 2 ** 22 + 1,
			machine: holderHere('', '', {}).machine,
		});
		const other = await user(engine, await tempFolder());
		expect(await unfinishedRun(other)).toMatchObject({id: 'r1', stopped: ['titan-brain']});
	});

	it.skipIf(!canBecome)('is read from the engine where its journal is here and another user’s', async () => {
		const engine = await fakeEngine('A');
		engine.state.lock = lockOf('r1', killed('A'), {
			pid: 2 ** 22 + 1,
			machine: holderHere('', '', {}).machine,
		});
		const one = await user(engine, await tempFolder());
		write(one.place, 'r1', killed('A'));
		const path = join(one.place.runs, 'r1.jsonl');
		chownSync(path, 1234, 1234);
		chmodSync(path, 0o600);
		expect((await unfinishedRun(one))?.id).toBe('r1');
	});
});
