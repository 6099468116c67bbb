import type {Key} from 'ink';
import {createStore, type StoreApi} from 'zustand/vanilla';
import {splitKeys} from './keys/split.ts';
import {type Context, type Effect, initialUi, type Model, type UiState} from './model.ts';
import {type Action, reduce} from './reduce.ts';
import type {AppProps, Size} from './types.ts';

/** What stands between the screen and the world: keys in, effects out. */
export type Controller = {
	ui: StoreApi<UiState>;
	model(size: Size): Model;
	input(input: string, key: Partial<Key>): void;
	paste(text: string): void;
	/** A frame was committed. */
	drawn(): void;
	resize(size: Size): void;
};

/**
The one dispatcher. Keys are reduced one after the other at once, also those of one input event, so that the
second sees what the first did.

@param clock - The time of the key events; a test gives its own.
*/
export function createController(
	{store, actions, options}: AppProps,
	size: Size,
	clock: () => number = () => performance.now(),
): Controller {
	const {config, readOnly, origin} = options;
	const ui = createStore<UiState>(() => initialUi(config));
	let currentSize = size;
	const context = (): Context => ({
		snapshot: store.getState(),
		config,
		readOnly,
		size: currentSize,
		origin,
	});

	const dispatch = (action: Action) => {
		const next = reduce(ui.getState(), action, context());
		if (next === ui.getState()) {
			return;
		}
		const {effects} = next;
		ui.setState(effects.length > 0 ? {...next, effects: []} : next, true);
		for (const effect of effects) {
			perform(effect);
		}
	};

	const perform = (effect: Effect) => {
		switch (effect.kind) {
			case 'plan': {
				const {token, runbook, backup} = effect;
				attempt(() => actions.plan(runbook, {backup})).then(
					(plan) => dispatch({type: 'planned', token, answer: {plan}}),
					(error: unknown) => dispatch({type: 'planned', token, answer: {error: sentence(error)}}),
				);
				break;
			}
			case 'start': {
				const {token, plan} = effect;
				attempt(() => actions.start(plan)).then(
					() => dispatch({type: 'started', token}),
					(error: unknown) => dispatch({type: 'started', token, error: sentence(error)}),
				);
				break;
			}
			case 'abort':
				try {
					actions.abort();
				} catch (error) {
					dispatch({type: 'refused', text: sentence(error), at: clock()});
				}
				break;
			case 'followLogs':
				actions.followLogs(effect.services);
				break;
			case 'copy':
				actions.copy(effect.text);
				break;
			case 'quit':
				actions.quit();
				break;
		}
	};

	return {
		ui,
		model: (wanted) => ({...context(), size: wanted, ui: ui.getState()}),
		input(input, key) {
			const keys = splitKeys(input, key);
			const at = clock();
			for (const name of keys) {
				dispatch({type: 'key', key: name, alone: keys.length === 1, at});
			}
			actions.select?.(ui.getState().selection.streams);
		},
		paste(text) {
			dispatch({type: 'paste', text, at: clock()});
		},
		drawn() {
			const {plan} = ui.getState();
			if (plan?.phase === 'ready' && plan.drawnAt === undefined) {
				dispatch({type: 'drawn', token: plan.token, at: clock()});
			}
		},
		resize(wanted) {
			currentSize = wanted;
		},
	};
}

/** A promise also where the action throws before it returns one. */
async function attempt<Value>(action: () => Promise<Value>): Promise<Value> {
	return action();
}

function sentence(error: unknown): string {
	return error instanceof Error && error.message !== '' ? error.message : String(error);
}
