import {describe, expect, test} from 'vitest';
import type {Plan} from '../../source/runbook/planned.ts';
import type {RunState} from '../../source/state/run.ts';
import {currentMode} from '../../source/ui/mode.ts';
import {initialUi, type UiState} from '../../source/ui/model.ts';
import {readingTimeMs} from '../../source/ui/reduce/plan.ts';
import {reduce} from '../../source/ui/reduce.ts';
import {visibleRun} from '../../source/ui/run-view.ts';
import {planScreen} from '../../source/ui/screens/plan.ts';
import {config, context, endedRun, findings, incident, model, plan, restartPlan, run} from './fixture.ts';
import {rowWith, textOf} from './text.ts';

const here = context(incident(), findings);
const drawnAt = 1000;
const later = drawnAt + readingTimeMs;

function press(ui: UiState, keys: string, at = later, alone = true): UiState {
	return keys.split(' ').reduce((state, key) => reduce(state, {type: 'key', key, alone, at}, here), ui);
}

const asked = (): UiState => ({...press(initialUi(config), 'P', 0), effects: []});
const answered = (answer: Plan): UiState =>
	reduce(asked(), {type: 'planned', token: 1, answer: {plan: answer}}, here);
const drawn = (answer: Plan): UiState =>
	reduce(answered(answer), {type: 'drawn', token: 1, at: drawnAt}, here);
const starts = (ui: UiState) => ui.effects.filter(({kind}) => kind === 'start');
const type = (text: string): string => [...text].join(' ');
const textFor = (ui: UiState, size = {columns: 120, rows: 36}) =>
	textOf(planScreen(model(incident(), {ui, findings, size}), size.columns - 2, size.rows - 2));

describe('confirmed by a key', () => {
	test('y starts it', () => {
		const ui = press(drawn(restartPlan()), 'y');
		expect(starts(ui)).toEqual([{kind: 'start', token: 1, plan: restartPlan()}]);
		expect(ui.plan?.phase).toBe('starting');
	});

	test.each(['enter', 'Y', 'n', 'space', 'R', 'q'])('%s does not', (key) => {
		expect(starts(press(drawn(restartPlan()), key))).toEqual([]);
	});

	test('y before the plan was read, drawn, or looked at does not', () => {
		expect(starts(press(asked(), 'y'))).toEqual([]);
		expect(starts(press(answered(restartPlan()), 'y', 1_000_000))).toEqual([]);
		expect(starts(press(drawn(restartPlan()), 'y', later - 1))).toEqual([]);
	});

	test('y among other keys does not, and it is said', () => {
		const ui = press(drawn(restartPlan()), 'y', later, false);
		expect(starts(ui)).toEqual([]);
		expect(ui.plan?.note).toContain('press y by itself');
	});

	test('a second y starts it only once', () => {
		expect(starts(press(drawn(restartPlan()), 'y y'))).toHaveLength(1);
	});
});

describe('confirmed by its name', () => {
	test('the name and enter start it', () => {
		const ui = press(drawn(plan()), `${type('TITAN_INTENTS')} enter`);
		expect(starts(ui)).toHaveLength(1);
	});

	test('letters that are keys elsewhere are text', () => {
		expect(press(drawn(plan()), type('bdyqRPF?')).plan?.typed).toBe('bdyqRPF?');
	});

	test.each([
		['nothing', ''],
		['less', 'TITAN_INTENT'],
		['more', 'TITAN_INTENTSS'],
		['other case', 'titan_intents'],
	])('%s and enter do not, and it is said', (_name, text) => {
		const typed = text === '' ? drawn(plan()) : press(drawn(plan()), type(text));
		const ui = press(typed, 'enter');
		expect(starts(ui)).toEqual([]);
		expect(ui.plan?.note).toMatch(/TITAN_INTENTS/);
	});

	test('a paste is not taken', () => {
		const ui = reduce(drawn(plan()), {type: 'paste', text: 'TITAN_INTENTS\r', at: later}, here);
		expect(ui.plan?.typed).toBe('');
		expect(ui.plan?.note).toContain('Pasted text is ignored');
		expect(starts(press(ui, 'enter'))).toEqual([]);
	});

	test('an enter that came together with the name does not start it', () => {
		const ui = press(drawn(plan()), `${type('TITAN_INTENTS')} enter`, later, false);
		expect(ui.plan?.typed).toBe('TITAN_INTENTS');
		expect(starts(ui)).toEqual([]);
		expect(starts(press(ui, 'enter'))).toHaveLength(1);
	});

	test('what was typed before the plan was seen is dropped', () => {
		expect(press(drawn(plan()), type('TITAN'), later - 1).plan?.typed).toBe('');
	});

	test('backspace and ctrl-u erase', () => {
		const ui = press(drawn(plan()), type('TITANX'));
		expect(press(ui, 'backspace').plan?.typed).toBe('TITAN');
		expect(press(ui, 'ctrl-u').plan?.typed).toBe('');
	});

	test('ctrl-b asks for the plan without a backup, ctrl-d for a dry run', () => {
		const without = press(drawn(plan()), 'ctrl-b');
		expect(without.effects).toEqual([{kind: 'plan', token: 2, runbook: 'purge', backup: false}]);
		const dry = press(drawn(plan()), 'ctrl-d');
		expect(dry.plan).toMatchObject({dryRun: true, phase: 'reading', typed: ''});
	});
});

test('a dry run can confirm nothing', () => {
	const dry = press(drawn(plan()), 'ctrl-d');
	const read = reduce(dry, {type: 'planned', token: 2, answer: {plan: plan()}}, here);
	const seen = reduce(read, {type: 'drawn', token: 2, at: later}, here);
	const ui = press(seen, `${type('TITAN_INTENTS')} enter y`, later + 1000);
	expect(starts(ui)).toEqual([]);
	expect(textFor(seen)).toContain('nothing was changed');
});

test('what blocks it is shown, and nothing confirms it', () => {
	const ui = drawn(plan({blockers: ['TITAN_INTENTS is sealed.', 'Another run goes on.']}));
	expect(currentMode(ui, here)).toBe('plan-wait');
	expect(starts(press(ui, `${type('TITAN_INTENTS')} enter y`))).toEqual([]);
	expect(textFor(ui)).toContain('It cannot run now');
	expect(textFor(ui)).toContain('✖ Another run goes on.');
	expect(textFor(ui)).not.toContain('Type TITAN_INTENTS');
});

test('esc leaves at any time, but not while it is being started', () => {
	for (const ui of [asked(), answered(plan()), drawn(plan())]) {
		expect(press(ui, 'esc', 0).plan).toBeUndefined();
	}
	const begun = press(drawn(restartPlan()), 'y');
	expect(press(begun, 'esc').plan?.phase).toBe('starting');
});

test('a plan that comes after the dialog was left, or for an older question, is dropped', () => {
	const left = press(asked(), 'esc');
	expect(reduce(left, {type: 'planned', token: 1, answer: {plan: plan()}}, here)).toBe(left);
	const again = press(left, 'R');
	expect(reduce(again, {type: 'planned', token: 1, answer: {plan: plan()}}, here).plan?.phase).toBe(
		'reading',
	);
});

test('a started run closes the dialog; one that could not be started says why', () => {
	const begun = press(drawn(restartPlan()), 'y');
	expect(reduce(begun, {type: 'started', token: 1}, here)).toMatchObject({plan: undefined, overlays: []});
	const failed = reduce(begun, {type: 'started', token: 1, error: 'Another run has the lock.'}, here);
	expect(textFor(failed)).toContain('Another run has the lock.');
});

test('the run before does not stand there as the answer, until the new one was read', () => {
	const old = endedRun();
	const after = (run: RunState) => context({...incident(), run}, findings);
	const begun = reduce(drawn(restartPlan()), {type: 'key', key: 'y', alone: true, at: later}, after(old));
	// The new run may be known before the word that it was started comes, or after it.
	const early = reduce(begun, {type: 'started', token: 1}, after(run({id: 'new'})));
	const ui = reduce(begun, {type: 'started', token: 1}, after(old));
	for (const started of [early, ui]) {
		expect(visibleRun(after(old), started)).toBeUndefined();
		expect(visibleRun(after(run({id: 'new'})), started)?.id).toBe('new');
	}
});

test('the keys that the detail of a finding names work there', () => {
	const detail = press(initialUi(config), '6 enter', 0);
	expect(currentMode(detail, here)).toBe('detail');
	const asks = press(detail, 'P', 0);
	expect(currentMode(asks, here)).toMatch(/^plan/);
	expect(asks.effects.at(-1)).toMatchObject({kind: 'plan', runbook: 'purge'});
	expect(asks.detail).toBeUndefined();
});

describe('the screen', () => {
	test('says what it will do, what it removes and from whom, and how to start it', () => {
		const text = textFor(drawn(plan()));
		expect(text).toContain('PLAN  purge TITAN_INTENTS, keep 1000   on titan at prod-1');
		expect(rowWith(text, ' 3 ', 'purge')).toContain('$ nats stream purge TITAN_INTENTS --keep 1000 --force');
		expect(text).toContain('It removes  1,239,112 of 1,240,112 messages, 63.9 of 64.0 MiB');
		expect(rowWith(text, 'execution-consumer', 'go')).toMatch(/11,301 go +1,000 go +1,000$/);
		expect(rowWith(text, 'audit')).toMatch(/none +none +all$/);
		expect(text).toContain(
			'12,301 messages that execution-consumer has not processed will not be processed.',
		);
		expect(text).toContain('Type TITAN_INTENTS and press enter to start');
	});

	test('says that without a backup they are gone', () => {
		expect(textFor(drawn(plan({backup: false})))).toContain('WITHOUT A BACKUP they are gone for good.');
		expect(textFor(drawn(plan()))).not.toContain('WITHOUT A BACKUP');
	});

	test('says what is delivered again, also on a small screen', () => {
		const {impact: _impact, ...rest} = plan();
		for (const size of [undefined, {columns: 80, rows: 24}]) {
			const text = textFor(drawn({...rest, again: 26_338}), size);
			expect(text).toContain('Up to 26,338 messages are delivered again, processed or not');
		}
		expect(textFor(drawn(rest))).not.toContain('delivered again');
	});

	test('says that it reads, and why it could not', () => {
		expect(textFor(asked())).toContain('looking at the deployment…');
		const failed = reduce(
			asked(),
			{type: 'planned', token: 1, answer: {error: 'NATS does not answer.'}},
			here,
		);
		expect(textFor(failed)).toContain('NATS does not answer.');
		expect(textFor(failed)).toContain('Nothing was started.');
	});

	test('never cuts the question on a small screen', () => {
		const impact = plan().impact!;
		const consumers = Array.from({length: 40}, (_, index) => ({
			...impact.consumers[0]!,
			consumer: `c${index}`,
		}));
		const text = textFor(drawn(plan({impact: {...impact, consumers}})), {columns: 80, rows: 24});
		expect(text).toContain('Type TITAN_INTENTS and press enter');
		expect(text).toContain('❯');
		expect(text).toMatch(/… \d+ more rows/);
		expect(text.split('\n')).toHaveLength(22);
	});
});

describe('a runbook that would make a finding worse', () => {
	const stalled = {
		id: 'consumer-stalled:TITAN_INTENTS/execution-consumer',
		severity: 'critical' as const,
		title: 'execution-consumer is stalled',
		evidence: '',
		since: 0,
		sinceMs: 0,
	};
	const dialogWith = (found: Parameters<typeof model>[1]) =>
		textOf(planScreen(model(incident(), {ui: drawn(plan()), ...found}), 118, 34));

	test('says so above the question', () => {
		const text = dialogWith({findings: [stalled]});
		expect(text).toContain('▲ execution-consumer is stalled. Do not purge: it throws away');
		expect(text.indexOf('Do not purge')).toBeLessThan(text.indexOf('Type TITAN_INTENTS'));
	});

	test('not where the finding follows from another one', () => {
		const cause = {...stalled, id: 'stream-full:TITAN_INTENTS', title: 'TITAN_INTENTS is full'};
		expect(dialogWith({findings: [cause, {...stalled, cause: cause.id}]})).not.toContain('Do not');
	});
});

test('a purge is not warned of where messages went before: a full stream is mended by it all the same', () => {
	const gone = {
		id: 'stream-removed:TITAN_INTENTS',
		severity: 'warning' as const,
		title: '601 messages of TITAN_INTENTS are gone',
		evidence: '',
		since: 0,
		sinceMs: 0,
	};
	const text = textOf(planScreen(model(incident(), {ui: drawn(plan()), findings: [gone]}), 118, 34));
	expect(text).not.toContain('Do not');
});
