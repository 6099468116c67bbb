import {expect, test} from 'vitest';
import {frame} from '../../source/ui/frame.ts';
import {plainText} from '../../source/ui/line.ts';
import type {UiState} from '../../source/ui/model.ts';
import {highlight, logs, shortName} from '../../source/ui/panes/logs.ts';
import {healthy, incident, logLines, model, now, starting} from './fixture.ts';
import {textOf} from './text.ts';

const at = (ui: Partial<UiState> = {}, state = incident(), height = 8) =>
	textOf(logs(model(state, {ui}), 118, height));

test('shows the newest lines of the followed services, with short names', () => {
	const rows = at().split('\n');
	expect(rows[0]).toMatch(/^5 LOGS {2}titan-brain, titan-execution {2}following {2}48 matches\/min ─/);
	expect(rows).toHaveLength(8);
	expect(rows.at(-1)).toBe('14:03:22  brain      retry 5 in 1600 ms');
	expect(rows.join('\n')).not.toContain('not shown');
});

test('shows what was chosen', () => {
	expect(
		at({logServices: ['titan-nats']})
			.split('\n')
			.slice(1),
	).toEqual(Array.from({length: 3}, () => expect.stringContaining('nats  [INF]')));
});

test('a frozen log stands still and counts what came after', () => {
	const frozen = logLines(1);
	const before = at({frozen}, {...incident(), logs: {lines: frozen, matches: {}}});
	const after = at({frozen});
	expect(before.split('\n').slice(1)).toEqual(after.split('\n').slice(1));
	expect(after).toContain('frozen, 24 new');
});

test('filters and searches', () => {
	expect(at({filters: {logs: 'HEAP'}}, incident(), 20).match(/heap \d+ of 256/g)).toHaveLength(6);
	expect(at({filters: {logs: 'nowhere'}})).toContain('no line matches the filter');
	expect(at({search: 'heap'})).toContain('/heap: 9 lines');
});

test('says why there is no line', () => {
	expect(at({}, starting())).toContain('starting…');
	const empty = {...healthy(), logs: {lines: [], matches: {}}};
	expect(at({}, empty)).toContain('no line yet');
	const sources = {
		...empty.sources,
		'logs:titan-brain': {status: 'down', since: now, error: 'no such container'} as const,
	};
	expect(at({}, {...empty, sources})).toContain('logs of titan-brain: no such container');
});

test('signatures stand out, in colour and without', () => {
	const shown = (colour: boolean) => frame(model(incident()), {ascii: false, colour}).join('\n');
	expect(shown(true)).toContain('\u001B[7m\u001B[31mno responders');
	expect(shown(false)).toContain('\u001B[7mno responders');
});

test.each([
	['a timeout and a Timeout', ['timeout'], ['timeout', 'Timeout']],
	['aaa', ['aa'], ['aa']],
	['abc', ['bc', 'ab'], ['ab']],
	['no hit', ['x'], []],
	['İstanbul timeout', ['timeout'], []],
])('in "%s" %j are found', (text, needles, found) => {
	const parts = highlight(text, needles, {inverse: true});
	expect(plainText(parts)).toBe(text);
	expect(parts.filter(({style}) => style).map((part) => part.text)).toEqual(found);
});

test('a service that is named like its project keeps its name', () => {
	expect(shortName('titan', 'titan')).toBe('titan');
	expect(shortName('titan-brain', 'titan')).toBe('brain');
	expect(shortName('titanium', 'titan')).toBe('titanium');
});
