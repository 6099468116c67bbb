import {stripVTControlCharacters} from 'node:util';
import stringWidth from 'string-width';
import {describe, expect, test} from 'vitest';
import type {DeploymentState} from '../../source/state/types.ts';
import {frame} from '../../source/ui/frame.ts';
import type {UiState} from '../../source/ui/model.ts';
import {
	consumer,
	dockerDown,
	endedRun,
	findings,
	healthy,
	incident,
	model,
	plan,
	restartPlan,
	run,
	service,
	starting,
	stoppedByRun,
	stream,
} from './fixture.ts';
import {screenOf} from './text.ts';

const sizes = [
	[80, 24],
	[81, 25],
	[100, 30],
	[109, 29],
	[110, 30],
	[120, 36],
	[159, 40],
	[160, 45],
	[220, 60],
] as const;

const dialog = {
	token: 1,
	runbook: 'purge',
	backup: true,
	phase: 'ready',
	typed: 'TITAN',
	dryRun: false,
} as const;

/** Many of everything, with long and wide names. */
function crowded(): DeploymentState {
	const state = incident();
	const names = Array.from({length: 30}, (_, index) => `a-service-with-a-long-name-${index}`);
	return {
		...state,
		services: Object.fromEntries(names.map((name) => [name, service(name)])),
		streams: Object.fromEntries(
			names.map((name) => [name, stream(`流${name}`, {consumers: {x: consumer('x', {lag: 123_456_789})}})]),
		),
		logs: {
			lines: names.map((_, seq) => ({
				at: state.at,
				service: 'titan-brain',
				seq,
				stderr: false,
				text: `行 ${'漢字 '.repeat(60)}`,
				matches: [],
			})),
			matches: {},
		},
	};
}

const scenes: [string, DeploymentState, Partial<UiState>][] = [
	['healthy', healthy(), {}],
	['incident', incident(), {selection: {containers: 'titan-execution'}}],
	['starting', starting(), {}],
	['docker down', dockerDown(), {}],
	['crowded', crowded(), {focus: 'streams'}],
	['health focused', incident(), {focus: 'health', bottom: 'health'}],
	['charts focused', incident(), {focus: 'charts', bottom: 'charts'}],
	['diagnosis enlarged', incident(), {focus: 'diagnosis', enlarged: true}],
	['logs enlarged and frozen', incident(), {focus: 'logs', enlarged: true, frozen: incident().logs.lines}],
	['reading a plan', incident(), {overlays: ['plan'], plan: {...dialog, phase: 'reading'}}],
	['plan to type', incident(), {overlays: ['plan'], plan: {...dialog, plan: plan()}}],
	['plan to press', incident(), {overlays: ['plan'], plan: {...dialog, plan: restartPlan()}}],
	['run', stoppedByRun(), {}],
	['run in detail', stoppedByRun(), {runDetails: true}],
	['run ended', {...incident(), run: endedRun()}, {}],
	['run killed', {...stoppedByRun(), run: run({alive: false})}, {}],
	['help', incident(), {overlays: ['help']}],
	['menu', incident(), {overlays: ['menu']}],
	['detail', incident(), {overlays: ['detail'], detail: {pane: 'streams', id: 'TITAN_INTENTS'}}],
	['search', incident(), {overlays: ['search'], typed: 'heap'}],
	['message', incident(), {message: {text: 'x'.repeat(300), at: 0, tone: 'bad'}}],
];

describe.each(scenes)('%s', (_name, state, ui) => {
	test.each(sizes)('fills exactly %i columns and %i rows', (columns, rows) => {
		for (const theme of [
			{ascii: false, colour: true},
			{ascii: false, colour: false},
			{ascii: true, colour: true},
		]) {
			const drawn = frame(model(state, {ui, findings, size: {columns, rows}}), theme);
			expect(drawn).toHaveLength(rows);
			for (const row of drawn) {
				expect(stringWidth(row), JSON.stringify(row)).toBe(columns);
			}
		}
	});

	test('has no colour with NO_COLOR, only bold and inverse', () => {
		const drawn = frame(model(state, {ui, findings}), {ascii: false, colour: false}).join('\n');
		const codes = new Set([...drawn.matchAll(/\u001B\[(\d+)m/g)].map(([, code]) => Number(code)));
		expect([...codes].filter((code) => ![1, 7, 22, 27].includes(code))).toEqual([]);
	});
});

test('has nothing but ASCII where only ASCII is allowed', () => {
	for (const [name, state, ui] of scenes.filter(([name]) => name !== 'crowded')) {
		for (const [columns, rows] of sizes) {
			const drawn = frame(model(state, {ui, findings, size: {columns, rows}}), {ascii: true, colour: true});
			const found = stripVTControlCharacters(drawn.join('')).match(/[^\x20-\x7e]/gu);
			expect(found, `${name} at ${columns}x${rows}`).toBeNull();
		}
	}
});

test('uses colour where colour is allowed', () => {
	const drawn = frame(model(incident(), {findings}), {ascii: false, colour: true}).join('\n');
	expect(drawn).toContain('\u001B[31m');
});

test.each([
	[79, 24],
	[80, 23],
	[20, 5],
])('says in one line what it needs at %ix%i', (columns, rows) => {
	const drawn = frame(model(incident(), {size: {columns, rows}}), {ascii: false, colour: false});
	expect(drawn).toHaveLength(rows);
	expect(drawn.every((row) => stringWidth(row) === columns)).toBe(true);
	expect(drawn[0]).toContain('jetmedic needs 80x2'.slice(0, columns - 2));
	expect(drawn.slice(1).join('').trim()).toBe('');
});

test('shows all panes at 120x36', () => {
	const text = screenOf(model(incident(), {findings}));
	for (const words of ['DIAGNOSIS', '1 CONTAINERS', '2 STREAMS', '3 HEALTH', '4 LAG', 'STORAGE', '5 LOGS']) {
		expect(text).toContain(words);
	}
});

test('stacks at 80x24 and shows the focused one of the lower panes', () => {
	const at = (ui: Partial<UiState>) =>
		screenOf(model(incident(), {ui, findings, size: {columns: 80, rows: 24}}));
	expect(at({})).toContain('5 LOGS');
	expect(at({})).not.toContain('3 HEALTH');
	expect(at({bottom: 'health'})).toContain('3 HEALTH');
	expect(at({bottom: 'health'})).not.toContain('5 LOGS');
	expect(at({bottom: 'charts'})).toContain('4 LAG');
});

test('puts the logs beside the tables from 160 columns on', () => {
	const beside = (columns: number) =>
		screenOf(model(incident(), {findings, size: {columns, rows: 45}}))
			.split('\n')
			.some((row) => row.includes('1 CONTAINERS') && row.includes('5 LOGS'));
	expect(beside(160)).toBe(true);
	expect(beside(150)).toBe(false);
});

test('an enlarged pane has the screen for itself', () => {
	const text = screenOf(model(incident(), {findings, ui: {focus: 'streams', enlarged: true}}));
	expect(text).toContain('2 STREAMS');
	expect(text).not.toContain('CONTAINERS');
});
