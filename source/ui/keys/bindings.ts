import type {Config} from '../../config/schema.ts';
import {isLive, isUnfinished} from '../../state/run.ts';
import type {Mode, Model} from '../model.ts';
import {pointedService} from '../pointed-service.ts';
import {visibleRun} from '../run-view.ts';
import {offerOf, runbookOffers, serviceKey} from '../runbooks.ts';

/** What a key asks for. `runbook:<id>` opens the plan of that runbook. */
export type Command = string;

/** One line of the one table that the dispatcher, the footer and the help are made from. */
export type Binding = {
	keys: string[];
	command: Command;
	label: string | ((model: Model) => string);
	modes: Mode[];
	/** It changes the deployment: refused where the console is read-only. */
	dangerous?: boolean;
	/** In the footer too, always or where it says so; the help has all of them. */
	footer?: boolean | ((model: Model) => boolean);
	/** How the help writes the keys, where it is not the keys themselves. */
	shown?: string;
	/** Whether the key does anything now; without it, always. */
	when?: (model: Model) => boolean;
};

const lists: Mode[] = ['watch', 'detail', 'help', 'menu'];

const tables = new WeakMap<Config, Binding[]>();

/** All bindings: those of the deployment's runbooks, then the fixed ones. */
export function bindingsOf(config: Config): Binding[] {
	const table = tables.get(config) ?? [...runbookBindings(config), ...fixed];
	tables.set(config, table);
	return table;
}

function runbookBindings(config: Config): Binding[] {
	const always = ['restart', 'purge', 'recover'];
	return runbookOffers(config)
		.filter(({key}) => key !== '')
		.map((offer) => ({
			keys: [offer.key],
			command: `runbook:${offer.id}`,
			label: offer.words,
			// The detail of a finding names the key.
			modes: ['watch', 'menu', 'run', 'detail'],
			dangerous: true,
			// The others are in the menu and the help, unless a finding names them: the footer has no room for twenty.
			footer:
				always.includes(offer.id) ||
				(({snapshot}: Model) => snapshot.findings.some(({runbook}) => runbook === offer.id)),
			when: ended,
		}));
}

const fixed: Binding[] = [
	{
		keys: ['U'],
		command: 'runbook:resume',
		label: ({config}) => offerOf('resume', config)?.words ?? '',
		modes: ['watch', 'menu', 'run', 'detail'],
		dangerous: true,
		footer: true,
		when: ({snapshot}) => isUnfinished(snapshot.state.run),
	},
	{
		keys: [serviceKey],
		command: 'restart-service',
		label: (model) => `restart ${pointedService(model.ui, model) ?? 'the selected service'}`,
		modes: ['watch', 'detail'],
		dangerous: true,
		footer: true,
		when: (model) => pointedService(model.ui, model) !== undefined,
	},
	{keys: ['X'], command: 'menu', label: 'all runbooks', modes: ['watch'], dangerous: true},
	{keys: ['tab'], command: 'next-pane', label: 'pane', modes: ['watch'], footer: true},
	{keys: ['shift-tab'], command: 'previous-pane', label: 'pane before', modes: ['watch']},
	{
		keys: ['1', '2', '3', '4', '5', '6'],
		shown: '1-6',
		command: 'pane',
		label: 'pane by its number',
		modes: ['watch'],
	},
	{keys: ['j', 'down'], command: 'down', label: 'down', modes: lists},
	{keys: ['k', 'up'], command: 'up', label: 'up', modes: lists},
	{keys: ['g', 'home'], command: 'first', label: 'first', modes: ['watch', 'detail', 'help']},
	{
		keys: ['G', 'end'],
		command: 'last',
		label: 'last; in the logs: follow',
		modes: ['watch', 'detail', 'help'],
	},
	{keys: ['pagedown'], command: 'page-down', label: 'page down', modes: ['watch', 'detail', 'help']},
	{keys: ['pageup'], command: 'page-up', label: 'page up', modes: ['watch', 'detail', 'help']},
	{keys: ['enter'], command: 'detail', label: 'detail', modes: ['watch'], footer: true},
	{keys: ['enter'], command: 'choose', label: 'plan it', modes: ['menu'], footer: true},
	{keys: ['+'], command: 'enlarge', label: 'enlarge the pane', modes: ['watch']},
	{keys: ['/'], command: 'search', label: 'search', modes: ['watch'], footer: true},
	{keys: ['n'], command: 'next-match', label: 'next match', modes: ['watch']},
	{keys: ['N'], command: 'previous-match', label: 'previous match', modes: ['watch']},
	{keys: ['f'], command: 'filter', label: 'filter the pane', modes: ['watch']},
	{keys: ['l'], command: 'logs', label: 'logs', modes: ['watch'], footer: true},
	{keys: ['space'], command: 'freeze', label: 'freeze or follow the logs', modes: ['watch']},
	{keys: ['y'], command: 'copy', label: 'copy the row', modes: ['watch', 'detail']},
	{keys: ['v'], command: 'show-run', label: 'show the last run', modes: ['watch']},
	{keys: ['esc'], command: 'clear', label: 'clear filter, search, size', modes: ['watch']},
	{keys: ['?'], command: 'help', label: 'help', modes: ['watch'], footer: true},
	{keys: ['q'], command: 'quit', label: 'quit', modes: ['watch'], footer: true},
	{keys: ['esc', 'q'], command: 'back', label: 'back', modes: ['detail', 'help', 'menu'], footer: true},

	{keys: ['esc'], command: 'hide-run', label: hideLabel, modes: ['run'], footer: true},
	{
		keys: ['a'],
		command: 'abort',
		label: 'abort',
		modes: ['run'],
		dangerous: true,
		footer: true,
		when: goesOn,
	},
	{keys: ['v'], command: 'run-details', label: 'details', modes: ['run'], footer: true},
	{keys: ['j', 'down'], command: 'down', label: 'down', modes: ['run']},
	{keys: ['k', 'up'], command: 'up', label: 'up', modes: ['run']},
	{keys: ['?'], command: 'help', label: 'help', modes: ['run'], footer: true},
	{keys: ['q'], command: 'quit', label: 'quit', modes: ['run'], footer: true},
	{keys: ['y'], command: 'confirm-abort', label: 'abort', modes: ['abort'], footer: true},
	{keys: ['esc', 'n'], command: 'back', label: 'let it go on', modes: ['abort'], footer: true},

	{
		keys: ['esc'],
		command: 'cancel-plan',
		label: 'cancel',
		modes: ['plan-key', 'plan-type', 'plan-wait'],
		footer: true,
	},
	{keys: ['y'], command: 'confirm-key', label: 'start', modes: ['plan-key'], footer: true},
	{
		keys: ['b'],
		command: 'toggle-backup',
		label: backupLabel,
		modes: ['plan-key'],
		footer: true,
		when: removes,
	},
	{
		keys: ['d'],
		command: 'dry-run',
		label: dryLabel,
		modes: ['plan-key', 'plan-wait'],
		footer: true,
		when: isRead,
	},
	{keys: ['enter'], command: 'confirm-typed', label: 'start', modes: ['plan-type'], footer: true},
	{
		keys: ['ctrl-b'],
		command: 'toggle-backup',
		label: backupLabel,
		modes: ['plan-type'],
		footer: true,
		when: removes,
	},
	{keys: ['ctrl-d'], command: 'dry-run', label: dryLabel, modes: ['plan-type'], footer: true, when: isRead},
	{keys: ['backspace'], command: 'erase', label: 'erase', modes: ['plan-type', 'search', 'filter']},
	{keys: ['ctrl-u'], command: 'erase-all', label: 'erase all', modes: ['plan-type', 'search', 'filter']},
	{keys: ['enter'], command: 'accept', label: 'keep', modes: ['search', 'filter'], footer: true},
	{keys: ['esc'], command: 'drop', label: 'clear', modes: ['search', 'filter'], footer: true},
];

function goesOn(model: Model): boolean {
	return isLive(visibleRun(model, model.ui));
}

function ended(model: Model): boolean {
	return !goesOn(model);
}

function removes({ui}: Model): boolean {
	return ui.plan?.plan?.impact !== undefined;
}

function isRead({ui}: Model): boolean {
	return ui.plan?.phase === 'ready';
}

function hideLabel(model: Model): string {
	return goesOn(model) ? 'hide, the run goes on' : 'back';
}

function backupLabel({ui}: Model): string {
	return ui.plan?.backup === false ? 'with backup' : 'without backup';
}

function dryLabel({ui}: Model): string {
	return ui.plan?.dryRun ? 'back to the plan' : 'dry run';
}

/** The binding of a key in a mode. */
export function bindingOf(key: string, mode: Mode, config: Config): Binding | undefined {
	return bindingsOf(config).find((binding) => binding.modes.includes(mode) && binding.keys.includes(key));
}

/** The words of a binding. */
export function labelOf(binding: Binding, model: Model): string {
	return typeof binding.label === 'string' ? binding.label : binding.label(model);
}
