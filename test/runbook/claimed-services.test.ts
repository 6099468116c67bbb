import {describe, expect, it} from 'vitest';
import {titan} from '../../source/config/titan.ts';
import {machineClock} from '../../source/deployment/clock.ts';
import {knownServices} from '../../source/records/names.ts';
import {toRunState} from '../../source/records/run-state.ts';
import type {RunContext} from '../../source/runbook/context.ts';
import {putBack} from '../../source/runbook/put-back.ts';
import {resumeRunbook} from '../../source/runbook/resume.ts';
import {startRun} from '../../source/runbook/start-run.ts';
import {container} from '../state/fixture.ts';
import {started} from './fixture.ts';

/** A deployment whose Compose files name some services, and what was done to it. */
function scene(files: string[] | undefined, ...containers: string[]) {
	const done: string[] = [];
	const services = containers.map((name) =>
		container(name, {containerId: name, status: 'exited', dependsOn: []}),
	);
	const context = {
		config: titan,
		deployment: {
			clock: {...machineClock, delay: async () => {}},
			engine: {
				id: async () => 'ENGINE',
				containers: async () => services,
				composition: async () => ({files: ['compose.yml'], missing: [], services: files}),
			},
		},
		control: {
			start: async (id: string) => void done.push(`start ${id}`),
			make: async (names: string[]) => void done.push(`make ${names.join(' ')}`),
		},
		signal: new AbortController().signal,
		confirmLock: async () => {},
		pins: {engine: 'ENGINE', containers: Object.fromEntries(containers.map((name) => [name, [name]]))},
		progress() {},
		write: (event: {event: string; services?: string[]; text?: string}) =>
			void done.push(`${event.event} ${event.services?.join(' ') ?? event.text}`),
		memory: {},
	} as unknown as RunContext;
	return {done, context, facts: {config: titan, services, at: 0, place: {}} as never};
}

const killed = (...services: string[]) =>
	toRunState([started({run: 'r1'}), {event: 'stopping', services, at: 1001}], false)!;

describe('services that a journal names', () => {
	it('are those of the deployment, and no flags', () => {
		const claimed = [
			'titan-brain',
			'--scale=titan-nats=0',
			'-d',
			'a b',
			'../x',
			'',
			'shop-db',
			'x'.repeat(300),
		];
		expect(knownServices(claimed, ['titan-brain', '-d'])).toEqual({
			known: ['titan-brain'],
			unknown: claimed.slice(1),
		});
		expect(knownServices(claimed)).toEqual({
			known: ['titan-brain', 'shop-db'],
			unknown: claimed.filter((name) => !['titan-brain', 'shop-db'].includes(name)),
		});
	});

	it('are started by who finishes the run where the project has them, and left out with a word where not', async () => {
		const {done, context, facts} = scene(['titan-brain', 'titan-sentinel'], 'titan-nats', 'titan-brain');
		const runbook = resumeRunbook(
			killed('titan-brain', '--scale=titan-nats=0', 'titan-sentinel', 'shop-db'),
			titan,
		);
		await runbook.steps.find(({id}) => id === 'start')!.run(context, facts);
		expect(done.filter((line) => /^(start|make)/.test(line)).sort()).toEqual([
			'make titan-sentinel',
			'start titan-brain',
			'start titan-nats',
		]);
		expect(done).toContain('note Not started, because this project has no such service: shop-db.');
		expect(done.join('\n')).not.toContain('--scale');
	});

	it('are put back where the project has them', async () => {
		const {done, context} = scene(['titan-brain'], 'titan-brain');
		expect(await putBack(context, new Set(['titan-brain', 'shop-db', '--scale=x=0']))).toBe(
			'Not started, because this project has no such service: shop-db, --scale=x=0.',
		);
		expect(new Set(done)).toEqual(new Set(['start titan-brain', 'restored titan-brain shop-db --scale=x=0']));
	});

	it('without a container are Compose’s to know where the files cannot be read', async () => {
		const {done, context} = scene(undefined);
		await putBack(context, new Set(['titan-brain', '--scale=x=0']));
		expect(new Set(done.filter((line) => line.startsWith('make')))).toEqual(new Set(['make titan-brain']));
	});
});

describe('a run that finishes another', () => {
	it('is refused on another engine, before anything is taken', async () => {
		const {done, context} = scene([]);
		const lock = {take: async () => void done.push('lock')};
		const deployment = {
			...context.deployment,
			control: context.control,
			engine: {...context.deployment.engine, id: async () => 'B'},
		};
		const run = {...killed('titan-brain'), engineId: 'A'};
		const request = {id: 'r2', runbook: resumeRunbook(run, titan), backup: true, confirmed: {how: '--yes'}};
		await expect(
			startRun(request as never, {...context, deployment, lock} as never, {} as never, () => {}),
		).rejects.toThrow('The run r1 began on another engine (ID A); this one has the ID B. Finish it there.');
		expect(done).toEqual([]);
	});
});
