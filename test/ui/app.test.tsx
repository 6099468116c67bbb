import {stripVTControlCharacters} from 'node:util';
import stringWidth from 'string-width';
import {afterEach, describe, expect, test, vi} from 'vitest';
import {createStore} from 'zustand/vanilla';
import {App} from '../../source/ui/app.tsx';
import {createController} from '../../source/ui/controller.ts';
import {createFrameStore} from '../../source/ui/frame-store.ts';
import type {AppProps, Snapshot, UiActions} from '../../source/ui/types.ts';
import {
	config,
	findings,
	healthy,
	incident,
	now,
	plan,
	restartPlan,
	snapshot,
	stoppedByRun,
} from './fixture.ts';
import {renderAt} from './render-at.ts';
import {until} from './until.ts';

function props(change: Partial<UiActions> = {}, state = incident()) {
	const actions = {
		plan: vi.fn(async () => restartPlan()),
		start: vi.fn(async () => {}),
		abort: vi.fn(),
		followLogs: vi.fn(),
		copy: vi.fn(),
		quit: vi.fn(),
		...change,
	} satisfies UiActions;
	const store = createStore<Snapshot>(() => snapshot(state, findings));
	const options = {ascii: false, colour: true, readOnly: false, config};
	return {store, actions, options} satisfies AppProps;
}

let unmount: (() => void) | undefined;
afterEach(() => unmount?.());

function show(given: AppProps, size = {columns: 120, rows: 36}) {
	const screen = renderAt(<App {...given} />, size);
	unmount = screen.unmount;
	const text = () => stripVTControlCharacters(screen.frame());
	const seen = (words: string) => until(() => text().includes(words), `"${words}" is on the screen`);
	return {...screen, text, seen};
}

test('fills the terminal, and again after a resize', async () => {
	const screen = show(props());
	await screen.seen('1 CONTAINERS');
	const rows = () => screen.text().replace(/\n$/, '').split('\n');
	expect(rows()).toHaveLength(36);
	expect(Math.max(...rows().map((row) => stringWidth(row)))).toBeLessThanOrEqual(120);
	screen.resize({columns: 80, rows: 24});
	await until(() => rows().length === 24, 'there are 24 rows');
	expect(Math.max(...rows().map((row) => stringWidth(row)))).toBeLessThanOrEqual(80);
});

test('two keys in one input are two keys', async () => {
	const screen = show(props());
	await screen.seen('1 CONTAINERS');
	screen.type('jj');
	screen.type('\r');
	await screen.seen('DETAIL  titan-execution');
});

test('a bracketed paste presses no key', async () => {
	const given = props();
	const screen = show(given);
	await screen.seen('1 CONTAINERS');
	screen.type('\u001B[200~RPFq\u001B[201~');
	await screen.seen('Pasted text is ignored here.');
	expect(given.actions.plan).not.toHaveBeenCalled();
	expect(given.actions.quit).not.toHaveBeenCalled();
});

test('a restart: key, plan, y', async () => {
	const given = props();
	const screen = show(given);
	await screen.seen('1 CONTAINERS');
	screen.type('R');
	await screen.seen('Press y to start');
	// Typed ahead of the reading time: dropped. Repeated until it is taken, as an operator would.
	screen.type('y');
	expect(given.actions.start).not.toHaveBeenCalled();
	await until(() => {
		screen.type('y');
		return vi.mocked(given.actions.start).mock.calls.length > 0;
	}, 'the run is started');
	expect(given.actions.start).toHaveBeenCalledExactlyOnceWith(restartPlan());
	await screen.seen('1 CONTAINERS');
});

test('keys typed together with the one that opens the plan start nothing', async () => {
	const given = props();
	const screen = show(given);
	await screen.seen('1 CONTAINERS');
	screen.type('Ryyyy\r');
	await screen.seen('Press y to start');
	expect(given.actions.start).not.toHaveBeenCalled();
});

test('shows that it reads, and says why it could not', async () => {
	let fail = (_error: Error) => {};
	const reading = new Promise<never>((_, reject) => {
		fail = reject;
	});
	const screen = show(props({plan: () => reading}));
	await screen.seen('1 CONTAINERS');
	screen.type('P');
	await screen.seen('looking at the deployment…');
	fail(new Error('NATS does not answer at nats://127.0.0.1:4222.'));
	await screen.seen('NATS does not answer');
});

test('a plan whose action throws at once is a sentence too', async () => {
	const screen = show(
		props({
			plan() {
				throw new Error('There is no such stream.');
			},
		}),
	);
	await screen.seen('1 CONTAINERS');
	screen.type('P');
	await screen.seen('There is no such stream.');
});

test('shows a run as soon as the state has one', async () => {
	const given = props();
	const screen = show(given);
	await screen.seen('DIAGNOSIS');
	given.store.setState(snapshot(stoppedByRun()), true);
	await screen.seen('RUN  full recovery');
});

test('renders nothing when nothing changed', async () => {
	const given = props({}, healthy());
	const screen = show(given);
	await screen.seen('1 CONTAINERS');
	const count = screen.frames.length;
	for (let step = 1; step <= 5; step++) {
		given.store.setState({now: now + step * 10});
	}
	given.store.setState(snapshot(stoppedByRun()), true);
	await screen.seen('RUN');
	expect(screen.frames.length - count).toBeLessThanOrEqual(2);
});

describe('the frame store', () => {
	const made = (state = healthy()) => {
		const given = props({}, state);
		const size = {columns: 120, rows: 36};
		const frames = createFrameStore(given, createController(given, size), given.options);
		return {store: given.store, rows: () => frames.rows(size), frames};
	};

	test('gives the same rows as long as nothing changed', () => {
		const {store, rows, frames} = made();
		frames.subscribe(() => {});
		const before = rows();
		store.setState({now: now + 10});
		expect(rows()).toBe(before);
		store.setState(snapshot(incident()));
		expect(rows()).not.toBe(before);
	});

	test('changes no row while all is well and seconds pass', () => {
		const {store, rows, frames} = made();
		frames.subscribe(() => {});
		const before = rows();
		store.setState({now: now + 3000});
		const changed = rows().filter((row, index) => row !== before[index]);
		expect(changed).toEqual([]);
	});
});

describe('the controller', () => {
	test('types the name and starts the plan that was shown', async () => {
		let clock = 0;
		const given = props({plan: vi.fn(async () => plan())});
		const controller = createController(given, {columns: 120, rows: 36}, () => clock);
		controller.input('P', {});
		await until(() => controller.ui.getState().plan?.phase === 'ready', 'the plan is read');
		controller.drawn();
		clock += 149;
		controller.input('TITAN', {});
		expect(controller.ui.getState().plan?.typed).toBe('');
		clock += 1;
		controller.input('TITAN', {});
		controller.input('_INTENTS', {});
		controller.input('', {return: true});
		await until(() => vi.mocked(given.actions.start).mock.calls.length === 1, 'it is started');
		expect(given.actions.start).toHaveBeenCalledWith(plan());
	});

	test('a start that fails is shown in the dialog', async () => {
		let clock = 0;
		const start = vi.fn(async () => {
			throw new Error('The lock is held by anna.');
		});
		const controller = createController(props({start}), {columns: 120, rows: 36}, () => clock);
		controller.input('R', {});
		await until(() => controller.ui.getState().plan?.phase === 'ready', 'the plan is read');
		controller.drawn();
		clock += 1000;
		controller.input('y', {});
		await until(() => controller.ui.getState().plan?.error === 'The lock is held by anna.', 'it says so');
	});

	test('a y that comes in a bunch confirms nothing', async () => {
		let clock = 0;
		const given = props();
		const controller = createController(given, {columns: 120, rows: 36}, () => clock);
		controller.input('R', {});
		await until(() => controller.ui.getState().plan?.phase === 'ready', 'the plan is read');
		controller.drawn();
		clock += 1000;
		controller.input('jy', {});
		expect(controller.ui.getState().plan?.phase).toBe('ready');
		controller.input('y', {});
		expect(controller.ui.getState().plan?.phase).toBe('starting');
	});

	test('follows, copies, aborts and quits', () => {
		const given = props({}, stoppedByRun());
		const controller = createController(given, {columns: 120, rows: 36}, () => 0);
		controller.input('a', {});
		controller.input('y', {});
		expect(given.actions.abort).toHaveBeenCalledOnce();
		controller.input('', {escape: true});
		controller.input('l', {});
		expect(given.actions.followLogs).toHaveBeenCalledWith(['titan-brain', 'titan-execution', 'titan-nats']);
		controller.input('y', {});
		expect(given.actions.copy).toHaveBeenCalledWith('titan-nats');
		controller.input('q', {});
		expect(given.actions.quit).toHaveBeenCalledOnce();
	});
});
