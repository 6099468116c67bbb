import type {Plan} from '../runbook/planned.ts';
import {bindingOf} from './keys/bindings.ts';
import {typedBy} from './keys/split.ts';
import {currentMode} from './mode.ts';
import type {Context, UiState} from './model.ts';
import {askedFor, askPlan, drawn, pastedIntoPlan, planned, reducePlan, started} from './reduce/plan.ts';
import {reduceRun} from './reduce/run.ts';
import {say} from './reduce/say.ts';
import {reduceText} from './reduce/text.ts';
import {copyItem, reduceWatch, targetOf} from './reduce/watch.ts';
import {runbookOffers} from './runbooks.ts';
import {pageRows} from './screens/page.ts';

/** What happens to the screen. Times are of the clock of the key events, not of the deployment. */
export type Action =
	/** `alone`: it was the only key of its input event. */
	| {type: 'key'; key: string; alone: boolean; at: number}
	| {type: 'paste'; text: string; at: number}
	| {type: 'planned'; token: number; answer: {plan: Plan} | {error: string}}
	| {type: 'started'; token: number; error?: string}
	| {type: 'drawn'; token: number; at: number}
	/** Something that was asked for can't be done; the sentence says why. */
	| {type: 'refused'; text: string; at: number};

/** The screen after an action. Pure: what must be done besides is in `effects`. */
export function reduce(ui: UiState, action: Action, context: Context): UiState {
	switch (action.type) {
		case 'planned':
			return planned(ui, action.token, action.answer);
		case 'started':
			return started(ui, action.token, action.error);
		case 'drawn':
			return drawn(ui, action.token, action.at);
		case 'refused':
			return say(ui, action.text, action.at, 'bad');
		case 'paste':
			return paste(ui, action.text, context, action.at);
		case 'key':
			return press(ui.message ? {...ui, message: undefined} : ui, action, context);
	}
}

function paste(ui: UiState, text: string, context: Context, at: number): UiState {
	const mode = currentMode(ui, context);
	if (mode === 'search' || mode === 'filter') {
		const line = text
			.replace(/\p{Cc}/gu, ' ')
			.trim()
			.slice(0, 200);
		return reduceText({...ui, typed: ui.typed + line}, mode, undefined, '', context, at);
	}
	if (mode.startsWith('plan')) {
		return pastedIntoPlan(ui);
	}
	return say(ui, 'Pasted text is ignored here.', at);
}

function press(ui: UiState, {key, alone, at}: Action & {type: 'key'}, context: Context): UiState {
	if (key === 'ctrl-c') {
		return {...ui, effects: [...ui.effects, {kind: 'quit'}]};
	}
	const mode = currentMode(ui, context);
	const binding = bindingOf(key, mode, context.config);
	if (binding?.dangerous && context.readOnly) {
		return say(ui, 'This console is read-only: it was started so, and changes nothing.', at, 'bad');
	}
	const command = binding?.command === 'pane' ? `pane:${key}` : binding?.command;
	switch (mode) {
		case 'plan-key':
		case 'plan-type':
		case 'plan-wait':
			return reducePlan(ui, command, key, alone, at, context.snapshot.state.run?.id);
		case 'search':
		case 'filter':
			return reduceText(ui, mode, command, typedBy(key) ?? '', context, at);
		case 'run':
		case 'abort':
			return command ? reduceRun(ui, command, context, alone, at) : ui;
		case 'menu':
			return command ? reduceMenu(ui, command, context, at) : ui;
		case 'detail':
		case 'help':
			return command ? reducePage(ui, command, context, at) : ui;
		case 'watch':
			return command ? reduceWatch(ui, command, context, at) : ui;
	}
}

function back(ui: UiState): UiState {
	return {...ui, overlays: ui.overlays.slice(0, -1)};
}

function reduceMenu(ui: UiState, command: string, context: Context, at: number): UiState {
	if (command === 'back') {
		return back(ui);
	}
	const offers = runbookOffers(context.config);
	const wanted = command === 'choose' ? offers[ui.menu]?.id : askedFor(command);
	return wanted === undefined
		? {...ui, menu: targetOf(command, ui.menu, offers.length, 1) ?? ui.menu}
		: askPlan(ui, wanted, context, at);
}

function reducePage(ui: UiState, command: string, context: Context, at: number): UiState {
	if (command === 'back') {
		return {...back(ui), detail: undefined};
	}
	if (command === 'restart-service' || askedFor(command) !== undefined) {
		// As from the panes, where the finding stays selected.
		return reduceWatch({...back(ui), detail: undefined}, command, context, at);
	}
	if (command === 'copy') {
		return ui.detail ? copyItem(ui, ui.detail.pane, ui.detail.id, context, at) : ui;
	}
	const body = context.size.rows - 3;
	const rows = pageRows({...context, ui}, context.size.columns - 2).length;
	const target = targetOf(command, ui.scroll, Math.max(1, rows - body + 1), body - 1);
	return {...ui, scroll: target ?? ui.scroll};
}
