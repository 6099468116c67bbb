import {serviceRunbookId} from '../../config/service-runbook.ts';
import {paneItems, selectedId} from '../items.ts';
import {type Context, type PaneId, paneIds, type UiState} from '../model.ts';
import {pointedService} from '../pointed-service.ts';
import {askPlan} from './plan.ts';
import {say} from './say.ts';

/** The commands of the watch screen. */
export function reduceWatch(ui: UiState, command: string, context: Context, at: number): UiState {
	const [verb, what] = command.split(':');
	switch (verb) {
		case 'runbook':
			return askPlan(ui, what ?? '', context, at);
		case 'restart-service':
			return restartService(ui, context, at);
		case 'menu':
			return {...ui, overlays: [...ui.overlays, 'menu'], menu: 0};
		case 'next-pane':
			return focus(ui, paneIds[(paneIds.indexOf(ui.focus) + 1) % paneIds.length]!);
		case 'previous-pane':
			return focus(ui, paneIds.at(paneIds.indexOf(ui.focus) - 1)!);
		case 'pane':
			return focus(ui, paneIds[Number(what) - 1]!);
		case 'enlarge':
			return {...ui, enlarged: !ui.enlarged};
		case 'help':
			return {...ui, overlays: [...ui.overlays, 'help'], scroll: 0};
		case 'quit':
			return {...ui, effects: [...ui.effects, {kind: 'quit'}]};
		case 'search':
			// A chart has no rows to search: the words are looked for in the logs.
			return {
				...(ui.focus === 'charts' ? focus(ui, 'logs') : ui),
				overlays: [...ui.overlays, 'search'],
				typed: '',
			};
		case 'filter':
			return ui.focus === 'charts'
				? ui
				: {...ui, overlays: [...ui.overlays, 'filter'], typed: ui.filters[ui.focus] ?? ''};
		case 'clear':
			return clear(ui);
		case 'detail':
			return openDetail(ui, context);
		case 'logs':
			return toggleLogs(ui, context, at);
		case 'freeze':
			return ui.frozen ? follow(ui) : freeze(ui, context);
		case 'copy':
			return copy(ui, context, at);
		case 'show-run':
			return showRun(ui, context, at);
		case 'next-match':
			return jump(ui, context, 1, at);
		case 'previous-match':
			return jump(ui, context, -1, at);
		default:
			return move(ui, verb ?? '', context);
	}
}

function restartService(ui: UiState, context: Context, at: number): UiState {
	const service = pointedService(ui, context);
	return service === undefined
		? say(ui, 'Select a container first (1): S restarts its service. R restarts the server.', at)
		: askPlan(ui, serviceRunbookId(service), context, at);
}

/** Shows a pane and gives it the keys. */
export function focus(ui: UiState, pane: PaneId): UiState {
	const lower = pane === 'health' || pane === 'charts' || pane === 'logs';
	return {...ui, focus: pane, bottom: lower ? pane : ui.bottom};
}

function clear(ui: UiState): UiState {
	if (ui.filters[ui.focus]) {
		return {...ui, filters: {...ui.filters, [ui.focus]: undefined}};
	}
	if (ui.search !== '') {
		return {...ui, search: ''};
	}
	return {...ui, enlarged: false};
}

function openDetail(ui: UiState, context: Context): UiState {
	const id = selectedId(ui.focus, paneItems(ui.focus, context, ui), ui);
	if (id === undefined) {
		return ui.focus === 'charts' ? {...ui, enlarged: !ui.enlarged} : ui;
	}
	return {...ui, overlays: [...ui.overlays, 'detail'], detail: {pane: ui.focus, id}, scroll: 0};
}

function toggleLogs(ui: UiState, context: Context, at: number): UiState {
	const service = selectedId('containers', paneItems('containers', context, ui), ui);
	if (service === undefined) {
		return ui;
	}
	const without = ui.logServices.filter((name) => name !== service);
	const toggled = without.length < ui.logServices.length ? without : [...ui.logServices, service];
	// Without any service the pane would be dead: the last one goes back to those of the configuration.
	const services = toggled.length > 0 ? toggled : context.config.logs.services;
	const effects = [...ui.effects, {kind: 'followLogs', services} as const];
	const shown = {...ui, logServices: services, bottom: 'logs', effects} as const;
	// Whoever wanted to see the logs of a container that was shown already must know why they went.
	return services.includes(service)
		? shown
		: say(shown, `The logs of ${service} are not shown any more; l shows them again.`, at);
}

function freeze(ui: UiState, context: Context): UiState {
	const frozen = {...ui, frozen: context.snapshot.state.logs.lines};
	return select(frozen, 'logs', paneItems('logs', context, frozen).at(-1)?.id);
}

function follow(ui: UiState): UiState {
	return {...ui, frozen: undefined, selection: {...ui.selection, logs: undefined}};
}

function select(ui: UiState, pane: PaneId, id: string | undefined): UiState {
	return {...ui, selection: {...ui.selection, [pane]: id}};
}

function copy(ui: UiState, context: Context, at: number): UiState {
	return copyItem(ui, ui.focus, selectedId(ui.focus, paneItems(ui.focus, context, ui), ui), context, at);
}

/** Copies the row of a pane with that id: of a container the name, to type it after a command; else what it says. */
export function copyItem(
	ui: UiState,
	pane: PaneId,
	id: string | undefined,
	context: Context,
	at: number,
): UiState {
	const item = paneItems(pane, context, ui).find((candidate) => candidate.id === id);
	if (!item) {
		return say(ui, 'There is no row to copy.', at);
	}
	const text = pane === 'containers' ? item.id : item.text;
	return say({...ui, effects: [...ui.effects, {kind: 'copy', text}]}, `Copied: ${text}`, at);
}

function showRun(ui: UiState, context: Context, at: number): UiState {
	const {run} = context.snapshot.state;
	return run
		? {...ui, hiddenRun: undefined, shownRun: run.id, scroll: 0}
		: say(ui, 'No run is known here yet.', at);
}

/** Moves the selection; in the logs, moving up freezes them and `G` follows again. */
export function move(ui: UiState, verb: string, context: Context): UiState {
	const pane = ui.focus;
	if (pane === 'logs' && !ui.frozen) {
		return verb === 'up' || verb === 'page-up' || verb === 'first'
			? move(freeze(ui, context), verb, context)
			: ui;
	}
	if (pane === 'logs' && verb === 'last') {
		return follow(ui);
	}
	const items = paneItems(pane, context, ui);
	const index = items.findIndex(({id}) => id === selectedId(pane, items, ui));
	const target = targetOf(verb, index, items.length, Math.max(1, Math.floor(context.size.rows / 3)));
	return target === undefined || items.length === 0 ? ui : select(ui, pane, items[target]?.id);
}

/** Where a movement ends among `count` rows. */
export function targetOf(verb: string, index: number, count: number, page: number): number | undefined {
	const steps: Record<string, number> = {
		down: index + 1,
		up: index - 1,
		'page-down': index + page,
		'page-up': index - page,
		first: 0,
		last: count - 1,
	};
	const target = steps[verb];
	return target === undefined ? undefined : Math.max(0, Math.min(count - 1, target));
}

/** Selects the next or previous row that has the searched text. */
export function jump(ui: UiState, context: Context, direction: 1 | -1, at: number): UiState {
	if (ui.search === '') {
		return say(ui, 'Nothing is searched for: / searches.', at);
	}
	const base = ui.focus === 'logs' && !ui.frozen ? freeze(ui, context) : ui;
	const items = paneItems(base.focus, context, base);
	const index = items.findIndex(({id}) => id === selectedId(base.focus, items, base));
	const needle = ui.search.toLowerCase();
	for (let step = 1; step <= items.length; step++) {
		const item = items[(index + direction * step + items.length * 2) % items.length];
		if (item?.text.toLowerCase().includes(needle)) {
			return select(base, base.focus, item.id);
		}
	}
	return say(ui, `No row has "${ui.search}".`, at);
}
