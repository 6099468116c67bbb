import type {Controller} from './controller.ts';
import {frame} from './frame.ts';
import type {Theme} from './theme.ts';
import type {AppProps, Size} from './types.ts';

/** The drawn screen as React's useSyncExternalStore reads it. */
export type FrameStore = {
	subscribe(listener: () => void): () => void;
	/** The same array as before as long as no row changed: then React renders nothing and Ink writes nothing. */
	rows(size: Size): string[];
};

/** Draws the screen when the deployment's state or the screen's own state changed. */
export function createFrameStore({store}: AppProps, controller: Controller, theme: Theme): FrameStore {
	let isDirty = true;
	let last: string[] = [];
	let lastSize: Size = {columns: 0, rows: 0};
	return {
		subscribe(listener) {
			const changed = () => {
				isDirty = true;
				listener();
			};
			const unsubscribe = [store.subscribe(changed), controller.ui.subscribe(changed)];
			return () => {
				for (const stop of unsubscribe) {
					stop();
				}
			};
		},
		rows(size) {
			const sameSize = size.columns === lastSize.columns && size.rows === lastSize.rows;
			if (!isDirty && sameSize) {
				return last;
			}
			isDirty = false;
			lastSize = size;
			const next = frame(controller.model(size), theme);
			if (next.length !== last.length || next.some((row, index) => row !== last[index])) {
				last = next;
			}
			return last;
		},
	};
}
