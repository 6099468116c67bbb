import type {UiState} from '../model.ts';

/** Puts a sentence where the footer is, until the next key. */
export function say(ui: UiState, text: string, at: number, tone: 'plain' | 'bad' = 'plain'): UiState {
	return {...ui, message: {text, at, tone}};
}
