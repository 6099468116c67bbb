import {describe, expect, test} from 'vitest';
import {currentMode} from '../../source/ui/mode.ts';
import {type Context, type Effect, initialUi, type UiState} from '../../source/ui/model.ts';
import {reduce} from '../../source/ui/reduce.ts';
import {config, context, endedRun, findings, incident, run, service, stoppedByRun} from './fixture.ts';

const start = initialUi(config);
const here = context(incident(), findings);

/** The screen after some keys, and all effects of them. */
function press(keys: string, ui: UiState = start, where: Context = here): UiState {
	return keys
		.split(' ')
		.reduce((state, key) => reduce(state, {type: 'key', key, alone: true, at: 0}, where), ui);
}

const effects = (ui: UiState): Effect[] => ui.effects;

describe('panes', () => {
	test.each([
		['tab', 'streams'],
		['tab tab tab tab tab tab', 'containers'],
		['shift-tab', 'diagnosis'],
		['1', 'containers'],
		['4', 'charts'],
		['6', 'diagnosis'],
	])('%s shows %s', (keys, pane) => {
		expect(press(keys).focus).toBe(pane);
	});

	test('the lower pane that was looked at last stays', () => {
		expect(press('3 1').bottom).toBe('health');
		expect(start.bottom).toBe('logs');
	});

	test('+ enlarges and back', () => {
		expect(press('+').enlarged).toBe(true);
		expect(press('+ +').enlarged).toBe(false);
		expect(press('+ esc').enlarged).toBe(false);
	});
});

describe('selection', () => {
	test.each([
		['j', 'titan-brain'],
		['j j', 'titan-execution'],
		['down down up', 'titan-brain'],
		['k', 'titan-nats'],
		['G', 'titan-sentinel'],
		['G j', 'titan-sentinel'],
		['G g', 'titan-nats'],
		['pagedown', 'titan-sentinel'],
	])('%s selects %s', (keys, id) => {
		expect(press(keys).selection.containers).toBe(id);
	});

	test('stays on its thing when rows come before it', () => {
		const ui = press('j j');
		const state = incident();
		const more = {...state, services: {...state.services, 'aaa-first': service('aaa-first')}};
		expect(press('j', ui, context(more)).selection.containers).toBe('titan-scavenger');
	});

	test('moves among the rows that a filter leaves', () => {
		const ui = {...start, filters: {containers: 'e'}, selection: {containers: 'titan-execution'}};
		expect(press('j', ui).selection.containers).toBe('titan-scavenger');
		const narrow = {...start, filters: {containers: 's'}, selection: {}};
		expect(press('G', narrow).selection.containers).toBe('titan-sentinel');
	});
});

describe('logs', () => {
	test('l adds and takes away the selected container', () => {
		const added = press('l');
		expect(added.logServices).toEqual(['titan-brain', 'titan-execution', 'titan-nats']);
		expect(effects(added)).toEqual([{kind: 'followLogs', services: added.logServices}]);
		expect(press('l l').logServices).toEqual(['titan-brain', 'titan-execution']);
	});

	test('l says where the logs went that it takes away', () => {
		expect(press('l').message).toBeUndefined();
		expect(press('l l').message?.text).toContain('logs of titan-nats are not shown any more');
	});

	test('never shows none', () => {
		const one = {...start, logServices: ['titan-nats']};
		expect(press('l', one).logServices).toEqual(config.logs.services);
	});

	test('space freezes and follows', () => {
		expect(press('space').frozen).toBe(here.snapshot.state.logs.lines);
		expect(press('space space').frozen).toBeUndefined();
	});

	test('moving up freezes, G follows', () => {
		const up = press('5 k k');
		expect(up.frozen).toBeDefined();
		expect(up.selection.logs).toBe('35');
		expect(press('G', up).frozen).toBeUndefined();
	});
});

describe('search and filter', () => {
	const typed = (keys: string, text: string) => [keys, ...text].join(' ');

	test('search finds the newest line, n and N go on', () => {
		const found = press(`${typed('5 /', 'heap')} enter`);
		const line = (ui: UiState) => ui.frozen?.find(({seq}) => String(seq) === ui.selection.logs)?.text;
		expect(line(found)).toContain('heap out of memory');
		const older = press('N', found);
		expect(line(older)).toBe('heap 255 of 256 MiB');
		expect(press('n', older).selection.logs).toBe(found.selection.logs);
		expect(press('esc', found).search).toBe('');
	});

	test('says when nothing is found', () => {
		expect(press(`${typed('/', 'zzz')} enter`).message?.text).toBe('No row has "zzz".');
		expect(press('n').message?.text).toContain('Nothing is searched for');
	});

	test('a filter works while it is typed; enter keeps it, esc clears it', () => {
		const half = press(typed('f', 'bra'));
		expect(half.filters.containers).toBe('bra');
		expect(currentMode(half, here)).toBe('filter');
		const kept = press('enter', half);
		expect([kept.filters.containers, currentMode(kept, here)]).toEqual(['bra', 'watch']);
		expect(press('esc', kept).filters.containers).toBeUndefined();
		expect(press('esc', half).filters.containers).toBeUndefined();
		expect(press('backspace', half).filters.containers).toBe('br');
	});

	test('keys are text while typing, also those that change something', () => {
		const ui = press(typed('/', 'RPFq'));
		expect(ui.typed).toBe('RPFq');
		expect(effects(ui)).toEqual([]);
	});

	test('a paste is typed into the prompt as one line, and nowhere else', () => {
		const paste = (ui: UiState) => reduce(ui, {type: 'paste', text: 'RPF\nq\u0007', at: 0}, here);
		expect(paste(press('/')).typed).toBe('RPF q');
		expect(paste(press('f')).filters.containers).toBe('RPF q');
		const watching = paste(start);
		expect(effects(watching)).toEqual([]);
		expect(watching.overlays).toEqual([]);
	});
});

describe('pages', () => {
	test('enter opens the detail of the selected row, esc goes back', () => {
		expect(press('j enter').detail).toEqual({pane: 'containers', id: 'titan-brain'});
		expect(currentMode(press('enter esc'), here)).toBe('watch');
		expect(press('4 enter').enlarged).toBe(true);
	});

	test('does not scroll past the end', () => {
		const small = {...here, size: {columns: 80, rows: 24}};
		const end = press('? G', start, small);
		expect(end.scroll).toBeGreaterThan(0);
		expect(press('j j j', end, small).scroll).toBe(end.scroll);
		expect(press('k', end, small).scroll).toBe(end.scroll - 1);
	});

	test('y copies', () => {
		expect(effects(press('j y'))).toEqual([{kind: 'copy', text: 'titan-brain'}]);
		expect(effects(press('6 y'))).toEqual([
			{kind: 'copy', text: expect.stringContaining('TITAN_INTENTS is full: 64.0')},
		]);
	});

	test('y copies in a detail what it copies of its row', () => {
		for (const row of ['j', '2 j', '5 k', '6']) {
			expect(effects(press(`${row} enter y`)), row).toEqual(effects(press(`${row} y`)));
		}
	});

	test.each(['q', 'ctrl-c', '? ctrl-c', '/ ctrl-c', 'R ctrl-c'])('%s quits', (keys) => {
		expect(effects(press(keys))).toContainEqual({kind: 'quit'});
	});

	test('q in the help is back, not quit', () => {
		expect(effects(press('? q'))).toEqual([]);
	});
});

describe('runbooks', () => {
	test.each([
		['R', 'restart'],
		['P', 'purge'],
		['F', 'recover'],
		['X enter', 'restart'],
		['X j enter', 'purge'],
		['X F', 'recover'],
	])('%s asks for the plan of %s', (keys, runbook) => {
		const ui = press(keys);
		expect(effects(ui)).toEqual([{kind: 'plan', token: 1, runbook, backup: true}]);
		expect(ui.plan).toMatchObject({phase: 'reading', runbook});
	});

	test.each(['R', 'P', 'F', 'X'])('%s is refused where it is read-only', (key) => {
		const ui = press(key, start, {...here, readOnly: true});
		expect(effects(ui)).toEqual([]);
		expect(ui.overlays).toEqual([]);
		expect(ui.message?.text).toContain('read-only');
	});

	test('X esc opens nothing', () => {
		expect(press('X esc').overlays).toEqual([]);
	});
});

describe('a run', () => {
	const during = context(stoppedByRun());

	test('takes the keys, and gives them back when it is hidden', () => {
		expect(currentMode(start, during)).toBe('run');
		const hidden = press('esc', start, during);
		expect(currentMode(hidden, during)).toBe('watch');
		expect(currentMode(press('v', hidden, during), during)).toBe('run');
	});

	test('is aborted by a and then y, not by y alone, nor by a and enter', () => {
		expect(effects(press('a y', start, during))).toEqual([{kind: 'abort'}]);
		expect(effects(press('y', start, during))).toEqual([]);
		expect(effects(press('a enter', start, during))).toEqual([]);
		expect(effects(press('a esc', start, during))).toEqual([]);
		const bunch = reduce(press('a', start, during), {type: 'key', key: 'y', alone: false, at: 0}, during);
		expect(effects(bunch)).toEqual([]);
	});

	test('is not aborted where it is read-only', () => {
		expect(effects(press('a y', start, {...during, readOnly: true}))).toEqual([]);
	});

	test('shows while it is new, and not when it ended before this console started', () => {
		const mode = (change: Parameters<typeof endedRun>[0]) =>
			currentMode(start, context({...incident(), run: endedRun(change)}));
		expect(mode({})).toBe('run');
		expect(mode({endedAt: incident().startedAt - 1})).toBe('watch');
	});

	test('that was killed shows as long as it left services stopped', () => {
		const old = {alive: false, at: incident().startedAt - 1};
		const mode = (change: Parameters<typeof run>[0]) =>
			currentMode(start, context({...incident(), run: run({...old, ...change})}));
		expect(mode({})).toBe('run');
		expect(mode({stopped: []})).toBe('watch');
	});

	test('another runbook can be opened only after it', () => {
		expect(effects(press('R', start, during))).toEqual([]);
		const after = context({...incident(), run: endedRun()});
		expect(effects(press('R', start, after))).toHaveLength(1);
	});
});

describe('S restarts the service that the console points at', () => {
	const stalled = {
		id: 'consumer-stalled:TITAN_INTENTS/execution-consumer',
		severity: 'critical' as const,
		title: 'execution-consumer is stalled',
		evidence: '',
		runbook: 'service.titan-execution',
		since: 0,
		sinceMs: 0,
	};
	const full = {...stalled, id: 'stream-full:TITAN_INTENTS', runbook: 'purge'};
	const brain = {...stalled, id: 'container-down:titan-brain', runbook: 'service.titan-brain'};
	const planOf = (ui: UiState) => ui.plan?.runbook;

	test('the first that a finding names', () => {
		expect(planOf(press('5 S', start, context(incident(), [full, stalled, brain])))).toBe(
			'service.titan-execution',
		);
	});

	test('that of the selected finding', () => {
		const here = context(incident(), [full, stalled, brain]);
		expect(planOf(press('6 j j S', start, here))).toBe('service.titan-brain');
	});

	test('the selected container, but for the server', () => {
		const here = context(incident(), [stalled]);
		expect(planOf(press('1 j S', start, here))).toBe('service.titan-brain');
		// What is selected from the start was chosen by nobody.
		expect(planOf(press('1 S', start, here))).toBe('service.titan-execution');
		expect(planOf(press('1 j k S', start, here))).toBe('service.titan-execution');
		expect(planOf(press('1 j k S', start, context(incident(), [full])))).toBeUndefined();
	});

	test('says what to do where there is none', () => {
		const ui = press('5 S', start, context(incident(), [full]));
		expect(planOf(ui)).toBeUndefined();
		expect(ui.message?.text).toContain('Select a container first');
	});
});
