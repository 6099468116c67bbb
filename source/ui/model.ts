import type {Config} from '../config/schema.ts';
import type {RunbookId} from '../diagnosis/finding.ts';
import type {Plan} from '../runbook/planned.ts';
import type {LogLine} from '../state/types.ts';
import type {Origin, Size, Snapshot} from './types.ts';

/** The panes in the order of their numbers, 1 to 6. */
export const paneIds = ['containers', 'streams', 'health', 'charts', 'logs', 'diagnosis'] as const;

export type PaneId = (typeof paneIds)[number];

/** What is open over the watch screen; the last of the stack gets the keys. */
export type Overlay = 'detail' | 'help' | 'menu' | 'plan' | 'search' | 'filter' | 'abort';

/** What the keys mean now: the open overlay, or what lies under all of them. */
export type Mode = Exclude<Overlay, 'plan'> | 'watch' | 'run' | 'plan-key' | 'plan-type' | 'plan-wait';

/** The dialog in which a plan is read and confirmed. */
export type PlanDialog = {
	/** Tells this reading from an older one whose answer comes late. */
	token: number;
	runbook: RunbookId;
	backup: boolean;
	phase: 'reading' | 'ready' | 'failed' | 'starting';
	plan?: Plan;
	error?: string;
	/** What was typed to confirm. */
	typed: string;
	/** Why the last key did nothing. */
	note?: string;
	/** Shows the commands alone; nothing can be confirmed. */
	dryRun: boolean;
	/** When a frame with the plan was committed, on the clock of the key events. Keys before it are dropped. */
	drawnAt?: number;
	/** The newest run when this one was confirmed: not the one that was asked for. */
	runBefore?: string;
};

/** What the controller must do after a reduction; the reducer itself only computes. */
export type Effect =
	| {kind: 'plan'; token: number; runbook: RunbookId; backup: boolean}
	| {kind: 'start'; token: number; plan: Plan}
	| {kind: 'abort'}
	| {kind: 'followLogs'; services: string[]}
	| {kind: 'copy'; text: string}
	| {kind: 'quit'};

/** Everything about the screen that is not about the deployment. */
export type UiState = {
	focus: PaneId;
	/** Which of the lower panes is shown where there is room for one. */
	bottom: 'health' | 'charts' | 'logs';
	enlarged: boolean;
	/** By id, so that a selection stays on its thing when rows are re-ordered. */
	selection: Partial<Record<PaneId, string>>;
	filters: Partial<Record<PaneId, string>>;
	search: string;
	/** The text of the search or filter prompt. */
	typed: string;
	overlays: Overlay[];
	/** The log lines as they were when they were frozen; undefined while they are followed. */
	frozen?: LogLine[];
	logServices: string[];
	/** First row shown of a detail, the help, or a run's details. */
	scroll: number;
	detail?: {pane: PaneId; id: string};
	menu: number;
	plan?: PlanDialog;
	plans: number;
	/** The run that was hidden or dismissed. */
	hiddenRun?: string;
	/** The finished or killed run that was asked for again. */
	shownRun?: string;
	runDetails: boolean;
	message?: {text: string; at: number; tone: 'plain' | 'bad'};
	effects: Effect[];
};

/** What a reduction may look at besides the state of the screen. */
export type Context = {
	snapshot: Snapshot;
	config: Config;
	readOnly: boolean;
	size: Size;
	origin?: Origin | undefined;
};

/** What the panes are drawn from. */
export type Model = Context & {ui: UiState};

/** The screen as it is at first. */
export function initialUi(config: Config): UiState {
	return {
		focus: 'containers',
		bottom: 'logs',
		enlarged: false,
		selection: {},
		filters: {},
		search: '',
		typed: '',
		overlays: [],
		logServices: config.logs.services,
		scroll: 0,
		menu: 0,
		plans: 0,
		runDetails: false,
		effects: [],
	};
}
