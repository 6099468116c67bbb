import type {Context, UiState} from '../model.ts';
import {jump} from './watch.ts';

/** The prompts of search and filter; a filter works while it is typed. */
export function reduceText(
	ui: UiState,
	mode: 'search' | 'filter',
	command: string | undefined,
	character: string,
	context: Context,
	at: number,
): UiState {
	const closed = {...ui, overlays: ui.overlays.slice(0, -1), typed: ''};
	switch (command) {
		case 'accept':
			if (mode === 'filter') {
				return closed;
			}
			return ui.typed === '' ? closed : jump({...closed, search: ui.typed}, context, -1, at);
		case 'drop':
			return mode === 'filter' ? {...closed, filters: {...ui.filters, [ui.focus]: undefined}} : closed;
		case 'erase':
			return typed(ui, mode, [...ui.typed].slice(0, -1).join(''));
		case 'erase-all':
			return typed(ui, mode, '');
		default:
			return typed(ui, mode, (ui.typed + character).slice(0, 200));
	}
}

function typed(ui: UiState, mode: 'search' | 'filter', text: string): UiState {
	const next = {...ui, typed: text};
	return mode === 'filter'
		? {...next, filters: {...ui.filters, [ui.focus]: text === '' ? undefined : text}}
		: next;
}
