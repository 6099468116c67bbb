import {describe, expect, test} from 'vitest';
import {builtInRunbooks} from '../../source/config/built-in-runbooks.ts';
import type {RunbookSpec} from '../../source/config/runbook-schema.ts';
import {titan} from '../../source/config/titan.ts';
import type {JournalEvent} from '../../source/records/event.ts';
import {toRunState} from '../../source/records/run-state.ts';
import {compile} from '../../source/runbook/compile.ts';
import {finishing, resumeRunbook} from '../../source/runbook/resume.ts';
import {findRunbook} from '../../source/runbook/runbooks.ts';
import type {PlanFacts} from '../../source/runbook/step.ts';
import type {RunState} from '../../source/state/run.ts';
import {container} from '../state/fixture.ts';
import {started} from './fixture.ts';

const facts: PlanFacts = {
	config: titan,
	services: ['titan-nats', 'titan-brain', 'titan-execution'],
	toMake: {missing: [], detached: []},
	backupFolder: '/backups/b',
};
const ids = (steps: RunbookSpec['steps']): string[] =>
	compile({id: 'own', title: 'own', steps}, titan).steps.map(({id}) => id);

describe('a compiled runbook', () => {
	test('begins with a preflight and ends with a verification, whatever it says', () => {
		expect(ids([{restart: 'titan-brain'}])).toEqual(['preflight', 'restart', 'verify']);
		expect(ids([{restart: 'titan-brain'}, {verify: true}])).toEqual(['preflight', 'restart', 'verify']);
	});

	test('has a backup before each purge', () => {
		expect(ids([{purge: true}])).toEqual(['preflight', 'backup', 'purge', 'verify']);
		expect(ids([{backup: true}, {stop: 'clients'}, {purge: {keep: 5}}, {purge: {keep: 'nothing'}}])).toEqual([
			'preflight',
			'backup',
			'stop',
			'purge',
			'backup-2',
			'purge-2',
			'verify',
		]);
	});

	test('says what it touches', () => {
		expect(
			compile({id: 'own', title: 'own', steps: [{purge: true}, {purge: {keep: 7}}]}, titan).needs,
		).toEqual({
			purge: 7,
			recreates: false,
			recreatesConsumer: false,
			restartsServer: false,
			restarts: [],
			restartsFirst: false,
			touchesStream: true,
			stops: [],
			starts: [],
		});
		expect(compile(builtInRunbooks[0]!, titan).needs).toMatchObject({purge: undefined, restartsServer: true});
		expect(compile(builtInRunbooks[2]!, titan).needs).toMatchObject({
			purge: 'nothing',
			recreates: true,
			stops: ['clients'],
		});
		// It touches the consumer alone.
		expect(compile(builtInRunbooks[3]!, titan).needs).toMatchObject({
			purge: undefined,
			recreates: false,
			recreatesConsumer: true,
			stops: [],
			starts: [],
		});
	});

	test('shows each step as its shell command, of the services that it means', () => {
		const {steps, title} = compile(
			{
				id: 'own',
				title: 'mend {stream} of {server}',
				steps: [{stop: 'clients'}, {start: ['titan-brain']}, {run: ['notify', "it's done"]}],
			},
			titan,
		);
		expect(title).toBe('mend TITAN_INTENTS of titan-nats');
		const containers = [container('titan-brain', {status: 'exited'})];
		expect(steps.map((step) => step.command?.({...facts, containers})).slice(1, 4)).toEqual([
			'docker compose -p titan stop titan-brain titan-execution',
			'docker start titan-titan-brain-1',
			`notify 'it'\\''s done'`,
		]);
	});
});

/** A full recovery that was killed while this step ran. */
function killedAt(step: string, stopped: string[] = []): RunState {
	const spec = builtInRunbooks.find(({id}) => id === 'recover')!;
	const steps = compile(spec, titan).steps.map(({id}) => ({id, title: id, text: id}));
	const at = steps.findIndex(({id}) => id === step);
	const events: JournalEvent[] = [
		started({steps, pidStart: 'never', pid: 2 ** 22}),
		...steps.slice(0, at).map(({id}): JournalEvent => ({event: 'step', step: id, status: 'done', at: 2000})),
		...(stopped.length > 0 ? [{event: 'stopping', services: stopped, at: 2000} as const] : []),
		{event: 'step', step, status: 'running', at: 3000},
	];
	return toRunState(events)!;
}

const stepsOf = (run: RunState): string[] => resumeRunbook(run, titan).steps.map(({id}) => id);

describe('what finishes a killed run', () => {
	test('starts what it stopped, and never purges', () => {
		const {steps, resumes} = resumeRunbook(killedAt('readopt', ['titan-brain']), titan);
		expect(steps.map(({id}) => id)).toEqual([
			'preflight',
			'start',
			'wait-server',
			'recreate',
			'wait-endpoints',
			'verify',
		]);
		expect(stepsOf(killedAt('stop'))).not.toContain('recreate');
		expect(steps[1]?.describe(facts)).toBe('titan-nats, titan-brain');
		expect(resumes?.stopped).toEqual(['titan-brain']);
	});

	test('waits for the end of a purge that may be in flight before all else', () => {
		expect(stepsOf(killedAt('purge', ['titan-brain']))).toEqual([
			'preflight',
			'settle',
			'start',
			'wait-server',
			'recreate',
			'wait-endpoints',
			'verify',
		]);
		expect(stepsOf(killedAt('recreate'))).not.toContain('settle');
		expect(stepsOf(killedAt('recreate'))).toContain('recreate');
	});

	test('is done by every other runbook too', () => {
		const restart = compile(builtInRunbooks[0]!, titan);
		const {steps, resumes} = finishing(killedAt('purge', ['titan-brain']), restart);
		expect(steps.map(({id}) => id)).toEqual([
			'preflight',
			'settle',
			'restart',
			'wait-server',
			'start',
			'wait-endpoints',
			'verify',
		]);
		expect(resumes).toBeDefined();
	});
});

test('a plan says where Compose makes a container, and does not only restart it', () => {
	const [restart] = compile(
		{id: 'own', title: 'own', steps: [{restart: ['titan-nats', 'titan-brain']}]},
		titan,
	).steps.filter(({id}) => id === 'restart');
	const commandOf = (toMake: Partial<PlanFacts['toMake']>): string | undefined =>
		restart?.command?.({
			...facts,
			services: ['titan-nats', 'titan-brain'],
			toMake: {missing: [], detached: [], ...toMake},
		});
	expect(commandOf({})).toBe('docker compose -p titan restart titan-nats titan-brain');
	expect(commandOf({missing: ['titan-brain']})).toBe(
		'docker compose -p titan up -d --no-recreate --no-deps titan-brain; docker compose -p titan restart titan-nats',
	);
	expect(commandOf({detached: ['titan-nats']})).toBe(
		'docker compose -p titan up -d --force-recreate --no-deps titan-nats; docker compose -p titan restart titan-brain',
	);
	const command = (services: readonly string[], anew = false): string => `make ${services} ${anew}`;
	expect(commandOf({detached: ['titan-nats'], command})).toBe(
		'make titan-nats true; docker compose -p titan restart titan-brain',
	);
	// One that nothing but the runbook names has no container, either.
	const unseen = restart?.command?.({
		...facts,
		services: ['titan-nats'],
		toMake: {missing: [], detached: [], command},
	});
	expect(unseen).toBe('make titan-brain false; docker compose -p titan restart titan-nats');
});

test('a runbook that is none names those that are', () => {
	expect(() => findRunbook('destroy', titan, undefined)).toThrow(
		'There is no runbook "destroy". There are: restart, purge, recover, recreate, and service.NAME, which restarts one service.',
	);
	expect(() => findRunbook('resume', titan, undefined)).toThrow('There is no unfinished run to resume.');
});

describe('the runbook that restarts one service', () => {
	test('is made of its name, and touches nothing else', () => {
		const runbook = findRunbook('service.titan-execution', titan, undefined);
		expect(runbook.title).toBe('restart titan-execution');
		expect(runbook.steps.map(({id}) => id)).toEqual([
			'preflight',
			'restart',
			'wait-running',
			'wait-endpoints',
			'verify',
		]);
		expect(runbook.needs).toMatchObject({
			purge: undefined,
			restartsServer: false,
			stops: [],
			starts: ['titan-execution'],
		});
	});

	test.each(['service.', 'service.a b', 'service.-x', `service.${'a'.repeat(101)}`, 'service.a;rm'])(
		'not of %j',
		(id) => {
			expect(() => findRunbook(id, titan, undefined)).toThrow(/There is no runbook/);
		},
	);

	test('of the server is one that restarts the server', () => {
		expect(findRunbook('service.titan-nats', titan, undefined).needs.restartsServer).toBe(true);
	});
});
