import type {Context, Mode, PlanDialog, UiState} from './model.ts';
import {visibleRun} from './run-view.ts';

/** What the keys mean now. */
export function currentMode(ui: UiState, context: Pick<Context, 'snapshot'>): Mode {
	const top = ui.overlays.at(-1);
	if (top === 'plan') {
		return planMode(ui.plan);
	}
	return top ?? (visibleRun(context, ui) ? 'run' : 'watch');
}

function planMode(dialog: PlanDialog | undefined): Mode {
	if (dialog?.phase !== 'ready' || !dialog.plan || dialog.dryRun || dialog.plan.blockers.length > 0) {
		return 'plan-wait';
	}
	return dialog.plan.confirmation.kind === 'key' ? 'plan-key' : 'plan-type';
}
