import {
	chownSync,
	existsSync,
	lstatSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {basename, join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {configKeeper} from '../../source/records/config-keeper.ts';
import type {JournalEvent} from '../../source/records/event.ts';
import {identify, isForeign, openPlace, otherPlaces, settlePlace} from '../../source/records/identity.ts';
import {readIncident, startIncident} from '../../source/records/incident.ts';
import {makePlace, type Place} from '../../source/records/place.ts';
import {readConfigs} from '../../source/records/saved-configs.ts';
import {newestRun} from '../../source/sources/runs.ts';
import {unfinishedElsewhere} from '../../source/sources/unfinished.ts';
import {isUnfinished} from '../../source/state/run.ts';
import {canBecome} from '../able.ts';
import {tempFolder} from '../config/temp.ts';
import {started} from '../runbook/fixture.ts';

const socket = 'unix:///var/run/docker.sock';
const config = (stateDir: string, project = 'titan') => ({deployment: 'titan', stateDir, docker: {project}});

/** The place that a process has once the engine at an address said its ID. */
function settled(stateDir: string, engine: string, endpoint = socket, project = 'titan'): Place {
	const place = openPlace(config(stateDir, project), endpoint);
	settlePlace(place, engine);
	return place;
}

const write = (place: Place, id: string, ...events: JournalEvent[]): void => {
	makePlace(place);
	writeFileSync(
		join(place.runs, `${id}.jsonl`),
		events.map((event) => `${JSON.stringify(event)}\n`).join(''),
	);
};
const killed = (
	run: string,
	where: Partial<NonNullable<Extract<JournalEvent, {event: 'started'}>['where']>> = {},
) =>
	started({
		run,
		pid: 2 ** 22 + 1,
		pidStart: '1',
		where: {engine: socket, project: 'titan', nats: 'nats://x', stream: 'S', consumer: 'C', ...where},
	});

describe('the records of an engine', () => {
	it('are other ones than those of another engine that bears the same name', async () => {
		const state = await tempFolder();
		const [staging, production] = [settled(state, 'A', 'tcp://a:2375'), settled(state, 'B', 'tcp://b:2375')];
		expect(basename(staging.root)).toMatch(/^titan@[0-9a-f]{12}$/);
		expect(staging.root).not.toBe(production.root);
		expect(settled(state, 'A', 'tcp://other-way-to-a:2375').root).toBe(staging.root);
		expect(settled(state, 'A', 'tcp://a:2375', 'shop').root).not.toBe(staging.root);
	});

	it('of a project with another name than Compose allows stay in the folder, and apart', async () => {
		const state = await tempFolder();
		const names = ['../../x', '..-..-x', 'a/b', 'a b'];
		const roots = names.map((project) => settled(state, 'A', socket, project).root);
		expect(new Set(roots).size).toBe(names.length);
		for (const root of roots) {
			expect(root).toBe(join(state, basename(root)));
		}
	});

	it('say whose they are, and a run that was killed on one is not finished on the other', async () => {
		const state = await tempFolder();
		const [a, b] = [settled(state, 'A', 'tcp://a:2375'), settled(state, 'B', 'tcp://b:2375')];
		write(a, 'r1', killed('r1', {engineId: 'A'}), {event: 'stopping', services: ['titan-nats'], at: 1001});
		makePlace(b);
		expect(JSON.parse(readFileSync(a.identity, 'utf8'))).toMatchObject({
			engine: 'A',
			project: 'titan',
			deployment: 'titan',
			endpoints: {'tcp://a:2375': expect.any(Number)},
		});
		expect(newestRun(b)).toBeUndefined();
		// On A it stays unfinished, whatever is run on B.
		write(b, 'r2', killed('r2', {engineId: 'B'}), {
			event: 'finished',
			result: 'verified',
			checks: [],
			elapsedMs: 1,
			at: 2000,
		});
		expect(isUnfinished(newestRun(a))).toBe(true);
		expect(isUnfinished(newestRun(b))).toBe(false);
		expect(unfinishedElsewhere(b)).toBe(
			'The run r1 began on another engine, at tcp://a:2375 (ID A). Finish it there.',
		);
		expect(unfinishedElsewhere(a)).toBeUndefined();
	});

	it('leave out the journal of another engine that somebody copied to them', async () => {
		const state = await tempFolder();
		const b = settled(state, 'B');
		write(b, 'r1', killed('r1', {engineId: 'B'}));
		write(b, 'r2', killed('r2', {engineId: 'A'}));
		write(b, 'r3', killed('r3', {project: 'shop'}));
		expect(newestRun(b)?.id).toBe('r1');
		expect(isForeign({}, b)).toBe(false);
	});

	it('are found by the address that the engine had, while it does not answer', async () => {
		const state = await tempFolder();
		makePlace(settled(state, 'A'));
		const place = openPlace(config(state), socket);
		expect(place.of).toMatchObject({engine: 'A', isConfirmed: false});
		expect(place.root).toBe(settled(state, 'A').root);
		expect(settlePlace(place, 'A')).toBe(false);
		// The address leads to another engine by now.
		expect(settlePlace(place, 'B')).toBe(true);
		expect(place.root).toBe(settled(state, 'B').root);
		makePlace(place);
		expect(openPlace(config(state), socket).of.engine).toBe('B');
		expect(otherPlaces(place).map(({of}) => of.engine)).toEqual(['A']);
	});

	it('are not written while they may be another engine’s', async () => {
		const state = await tempFolder();
		const a = settled(state, 'A');
		const stream = (subject: string) => ({config: {name: 'S', subjects: [subject]}}) as never;
		const saved = configKeeper(a);
		saved.remember(stream('a'), []);
		saved.save();
		const before = readConfigs(a.configs);
		// The address leads to B, and B does not answer yet.
		const place = openPlace(config(state), socket);
		const keeper = configKeeper(place);
		keeper.remember(stream('b'), []);
		keeper.save();
		expect(readConfigs(a.configs)).toEqual(before);
		settlePlace(place, 'B');
		keeper.remember(stream('b'), []);
		keeper.save();
		expect(readConfigs(a.configs)).toEqual(before);
		expect(readConfigs(place.configs).streams['S']?.config).toMatchObject({subjects: ['b']});
	});

	it('settle when the engine answers late, and are not waited for', async () => {
		const state = await tempFolder();
		const place = openPlace(config(state), socket);
		let answer: (engine: string) => void = () => {};
		const docker = {engineId: () => new Promise<string>((resolve) => (answer = resolve))};
		expect(await identify({docker, place}, 10)).toBe(false);
		expect(place.of.engine).toBeUndefined();
		answer('A');
		await Promise.resolve();
		await Promise.resolve();
		expect(place.of).toMatchObject({engine: 'A', isConfirmed: true});
		expect(await identify({docker: {engineId: () => Promise.reject(new Error('down'))}, place}, 10)).toBe(
			false,
		);
	});

	it('make no folder by being looked for', async () => {
		const state = await tempFolder();
		settled(state, 'A');
		expect(readdirSync(state)).toEqual([]);
	});

	it('of an engine that was never seen are its address’s, and go on as its own', async () => {
		const state = await tempFolder();
		const place = openPlace(config(state), socket);
		expect(basename(place.root)).toMatch(/^titan@unidentified-/);
		const since = startIncident(place, Date.now());
		const unidentified = place.root;
		expect(settlePlace(place, 'A')).toBe(true);
		expect(readIncident(place)).toBe(since);
		expect(existsSync(unidentified)).toBe(false);
	});

	it('take over an incident that began without the engine, and no configuration', async () => {
		const state = await tempFolder();
		makePlace(settled(state, 'A'));
		writeFileSync(settled(state, 'A').identity, '{}');
		const place = openPlace(config(state), socket);
		const since = startIncident(place, Date.now());
		writeFileSync(place.configs, '{"streams":{"S":{}}}');
		mkdirSync(join(place.backups, 'S-1'));
		const unidentified = place.root;
		settlePlace(place, 'A');
		expect(readIncident(place)).toBe(since);
		expect(readConfigs(place.configs)).toEqual({streams: {}});
		expect(readdirSync(place.backups)).toEqual(['S-1']);
		expect(existsSync(unidentified)).toBe(false);
	});
});

describe('an old folder, which bears the deployment’s name,', () => {
	const old = (state: string, ...lines: JournalEvent[]): string => {
		const runs = join(state, 'titan', 'runs');
		mkdirSync(runs, {recursive: true, mode: 0o700});
		for (const [index, line] of lines.entries()) {
			writeFileSync(join(runs, `r${index}.jsonl`), `${JSON.stringify(line)}\n`);
		}
		return join(state, 'titan');
	};

	it('is taken over once, where its journals name this engine and project', async () => {
		const state = await tempFolder();
		const folder = old(state, killed('r0'), started({run: 'r1'}));
		const place = settled(state, 'A');
		expect(newestRun(place)?.id).toBe('r1');
		expect(readdirSync(place.runs)).toEqual(['r0.jsonl', 'r1.jsonl']);
		// The whole paths in its journals still lead to its backups.
		expect(lstatSync(folder).isSymbolicLink()).toBe(true);
		expect(existsSync(join(folder, 'runs', 'r0.jsonl'))).toBe(true);
		expect(settled(state, 'B').root).not.toBe(place.root);
		expect(existsSync(settled(state, 'B').root)).toBe(false);
		expect(settled(state, 'A').root).toBe(place.root);
	});

	it.each([
		['names another address', [killed('r0', {engine: 'tcp://b:2375'})]],
		['names another project', [killed('r0', {project: 'shop'})]],
		['names this engine and another one', [killed('r0'), killed('r1', {engine: 'tcp://b:2375'})]],
		['names another ID at this address', [killed('r0', {engineId: 'B'})]],
		['names no engine', [started({run: 'r0'})]],
		['has no journal', []],
	])('is left as it is where it %s', async (_, lines) => {
		const state = await tempFolder();
		const folder = old(state, ...lines);
		const place = settled(state, 'A');
		expect(lstatSync(folder).isDirectory()).toBe(true);
		expect(newestRun(place)).toBeUndefined();
		expect(readdirSync(state)).toEqual(['titan']);
	});

	it.skipIf(!canBecome)('of another user is left as it is, as is a link', async () => {
		const state = await tempFolder();
		const folder = old(state, killed('r0'));
		chownSync(folder, 1234, 1234);
		expect(newestRun(settled(state, 'A'))).toBeUndefined();
		expect(readdirSync(state)).toEqual(['titan']);
		const other = await tempFolder();
		symlinkSync(folder, join(other, 'titan'));
		expect(newestRun(settled(other, 'A'))).toBeUndefined();
	});
});
