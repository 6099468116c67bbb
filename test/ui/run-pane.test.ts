import {expect, test} from 'vitest';
import type {RunState} from '../../source/state/run.ts';
import {runDetails, runPane} from '../../source/ui/panes/run.ts';
import {endedRun, model, now, run, stoppedByRun} from './fixture.ts';
import {rowWith, screenOf, textOf} from './text.ts';

const at = (state: RunState, columns = 118, height = 20, clock = now) => {
	const base = model(stoppedByRun());
	return textOf(runPane(state, {...base, snapshot: {...base.snapshot, now: clock}}, columns, height));
};

test('says who runs what since when', () => {
	expect(at(run())).toMatch(
		/^RUN {2}full recovery {3}started 14:03:15 by root, ssh from 10\.0\.0\.7 {3}00:07\.0 ─/,
	);
	expect(at(run({user: 'anna', origin: 'local'}))).toContain('by anna   00:07');
	expect(at(run({user: 'anna', origin: 'local', host: 'prod-7'}))).toContain('by anna on prod-7   00:07');
});

test('shows what is done, what goes on and what comes', () => {
	const text = at(run());
	expect(rowWith(text, 'preflight')).toMatch(/^✔ preflight .+6 of 6 checks .+0\.2 s$/);
	expect(rowWith(text, 'purge')).toMatch(/^[⠋⠙⠹⠸] purge .+\$ nats stream purge .+█+.+74 % +2\.0 s$/);
	expect(rowWith(text, 'wait until')).toMatch(/^· wait until services have reconnected {3}at most 60 s$/);
	expect(text).toContain('What was lost: 11,301 never delivered');
	expect(text).toContain('If it stops now: the four services are started again.');
});

test('says what to know of a run', () => {
	expect(at(run())).not.toContain('Note:');
	expect(at(run({note: 'Other hosts are not kept out.'}))).toContain('Note: Other hosts are not kept out.');
});

test('moves at most twice a second', () => {
	const frames = new Set(Array.from({length: 100}, (_, index) => at(run(), 118, 20, now + index * 10)));
	expect(frames.size).toBeLessThanOrEqual(5);
	expect(frames.size).toBeGreaterThan(1);
});

test('ends with its result in words and the checks with their evidence', () => {
	const text = at(endedRun());
	expect(text).toContain('VERIFIED  3 of 3 checks');
	expect(rowWith(text, 'publishing')).toMatch(/^✔ publishing +acknowledged with sequence 1240113$/);
	expect(text).not.toContain('If it stops now');
});

test.each([
	['unverified', 'UNVERIFIED'],
	['failed', 'FAILED'],
	['aborted', 'ABORTED'],
] as const)('%s is said as %s', (result, words) => {
	expect(at(endedRun({result, error: 'It did not work.'}))).toMatch(
		new RegExp(`\n${words} .+\nIt did not work\\.`),
	);
});

test('the checks that failed come first', () => {
	const checks = [
		{name: 'good', ok: true, evidence: 'fine'},
		{name: 'wrong', ok: false, evidence: 'still refused'},
	];
	const text = at(endedRun({result: 'unverified', checks}));
	expect(text.indexOf('✖ wrong')).toBeLessThan(text.indexOf('✔ good'));
	expect(text).toContain('1 of 2 checks');
});

test('a killed run says what it left', () => {
	const text = at(run({alive: false}));
	expect(text).toContain(
		'This run was killed; services it stopped: titan-brain, titan-execution, titan-scavenger, titan-sentinel.',
	);
	expect(rowWith(text, 'purge TITAN_INTENTS')).toMatch(/^✖/);
	expect(text).not.toContain('If it stops now');
});

test('keeps the step that goes on in sight where there is little room', () => {
	for (const height of [6, 8, 10]) {
		const text = at(run(), 78, height);
		expect(text.split('\n').length).toBeLessThanOrEqual(height);
		expect(text).toContain('purge TITAN_INTENTS');
	}
});

test('the details have the whole texts and all checks', () => {
	const text = textOf(runDetails(endedRun(), model(stoppedByRun()), 78, 40));
	expect(text).toContain('backups/TITAN_INTENTS-20261123T140340Z');
	expect(text).toContain('$ nats stream purge TITAN_INTENTS --force');
	expect(text).toContain('brain /health');
});

test('the tables stay above it and the logs below', () => {
	const text = screenOf(model(stoppedByRun()));
	const order = [
		'1 CONTAINERS',
		'RUN  full recovery',
		'What was lost',
		'5 LOGS',
		'esc hide, the run goes on',
	];
	const places = order.map((words) => text.indexOf(words));
	expect(places).toEqual([...places].sort((a, b) => a - b));
	expect(places[0]).toBeGreaterThan(0);
});
