import {resumeId} from '../../config/built-in-runbooks.ts';
import type {RunbookId} from '../../diagnosis/finding.ts';
import type {Plan} from '../../runbook/planned.ts';
import {isLive, isUnfinished} from '../../state/run.ts';
import {typedBy} from '../keys/split.ts';
import type {Context, PlanDialog, UiState} from '../model.ts';
import {say} from './say.ts';

/** How long a drawn plan is left alone, so that what was typed before it was seen confirms nothing. */
export const readingTimeMs = 150;

/** The runbook that a command asks for. */
export const askedFor = (command: string): RunbookId | undefined =>
	command.startsWith('runbook:') ? command.slice('runbook:'.length) : undefined;

/** Opens the plan of a runbook, or says why there is none now. */
export function askPlan(ui: UiState, runbook: RunbookId, {snapshot}: Context, at: number): UiState {
	const {run} = snapshot.state;
	if (isLive(run)) {
		return say(ui, 'A run goes on; there is one at a time.', at);
	}
	return runbook === resumeId && !isUnfinished(run)
		? say(ui, 'There is no unfinished run.', at)
		: openPlan(ui, runbook);
}

function openPlan(ui: UiState, runbook: RunbookId): UiState {
	return ask(
		{...ui, overlays: [...ui.overlays.filter((overlay) => overlay !== 'menu'), 'plan']},
		{runbook, backup: true, dryRun: false},
	);
}

function ask(ui: UiState, wanted: Pick<PlanDialog, 'runbook' | 'backup' | 'dryRun'>): UiState {
	const token = ui.plans + 1;
	const {runbook, backup} = wanted;
	return {
		...ui,
		plans: token,
		plan: {...wanted, token, phase: 'reading', typed: ''},
		effects: [...ui.effects, {kind: 'plan', token, runbook, backup}],
	};
}

function close(ui: UiState): UiState {
	return {...ui, plan: undefined, overlays: ui.overlays.filter((overlay) => overlay !== 'plan')};
}

function change(ui: UiState, part: Partial<PlanDialog>): UiState {
	return ui.plan ? {...ui, plan: {...ui.plan, ...part}} : ui;
}

/** A plan was read, or could not be; one that nobody waits for any more is dropped. */
export function planned(ui: UiState, token: number, answer: {plan: Plan} | {error: string}): UiState {
	if (ui.plan?.token !== token || ui.plan.phase !== 'reading') {
		return ui;
	}
	return 'plan' in answer
		? change(ui, {phase: 'ready', plan: answer.plan, drawnAt: undefined})
		: change(ui, {phase: 'failed', error: answer.error});
}

/**
The run was started, or could not be. The run before it is hidden from now on: until the new one's journal was read,
its result would stand there as if it were the answer.
*/
export function started(ui: UiState, token: number, error?: string): UiState {
	if (ui.plan?.token !== token || ui.plan.phase !== 'starting') {
		return ui;
	}
	return error === undefined
		? {...close(ui), hiddenRun: ui.plan.runBefore, shownRun: undefined, runDetails: false, scroll: 0}
		: change(ui, {phase: 'failed', error});
}

/** A frame with the plan was committed. */
export function drawn(ui: UiState, token: number, at: number): UiState {
	return ui.plan?.token === token && ui.plan.phase === 'ready' && ui.plan.drawnAt === undefined
		? change(ui, {drawnAt: at})
		: ui;
}

/** What was pasted confirms nothing. */
export function pastedIntoPlan(ui: UiState): UiState {
	return change(ui, {note: 'Pasted text is ignored here: type it.'});
}

/**
A key in the dialog.

@param alone - Whether the key was the only one of its input event; what comes in a bunch was not typed in answer to what is seen.
@param at - The time of the key, on the clock of `drawnAt`.
@param runBefore - The id of the newest run that is known.
*/
export function reducePlan(
	ui: UiState,
	command: string | undefined,
	key: string,
	alone: boolean,
	at: number,
	runBefore?: string,
): UiState {
	const dialog = ui.plan;
	if (!dialog) {
		return ui;
	}
	// To leave is safe at any time, except while the run is being started: then it is too late to say no.
	if (command === 'cancel-plan') {
		return dialog.phase === 'starting' ? ui : dialog.dryRun ? ask(ui, {...dialog, dryRun: false}) : close(ui);
	}
	const {plan, phase, drawnAt} = dialog;
	if (!plan || phase !== 'ready' || drawnAt === undefined || at - drawnAt < readingTimeMs) {
		return ui;
	}
	const clean = change(ui, {note: undefined});
	switch (command) {
		case 'toggle-backup':
			return alone && plan.impact ? ask(ui, {...dialog, backup: !dialog.backup}) : ui;
		case 'dry-run':
			return alone ? ask(ui, {...dialog, dryRun: !dialog.dryRun}) : ui;
		case 'confirm-key':
			return alone
				? start(clean, plan, dialog, runBefore)
				: change(ui, {note: 'Several keys came at once: press y by itself.'});
		case 'confirm-typed':
			return confirmTyped(clean, plan, dialog, alone, runBefore);
		case 'erase':
			return change(clean, {typed: [...dialog.typed].slice(0, -1).join('')});
		case 'erase-all':
			return change(clean, {typed: ''});
		default:
			return plan.confirmation.kind === 'type' && !dialog.dryRun && plan.blockers.length === 0
				? change(clean, {typed: (dialog.typed + (typedBy(key) ?? '')).slice(0, 300)})
				: ui;
	}
}

function confirmTyped(
	ui: UiState,
	plan: Plan,
	dialog: PlanDialog,
	alone: boolean,
	runBefore: string | undefined,
): UiState {
	if (plan.confirmation.kind !== 'type') {
		return ui;
	}
	const {text} = plan.confirmation;
	if (!alone) {
		return change(ui, {note: 'Enter came together with other keys: press it by itself.'});
	}
	if (dialog.typed !== text) {
		const note =
			dialog.typed === ''
				? `Enter alone starts nothing: type ${text}.`
				: `That is not ${text}. Nothing was started.`;
		return change(ui, {note});
	}
	return start(ui, plan, dialog, runBefore);
}

function start(ui: UiState, plan: Plan, {token}: PlanDialog, runBefore: string | undefined): UiState {
	if (plan.blockers.length > 0) {
		return ui;
	}
	return {
		...change(ui, {phase: 'starting', runBefore}),
		effects: [...ui.effects, {kind: 'start', token, plan}],
	};
}
