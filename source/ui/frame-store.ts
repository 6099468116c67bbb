import {padEnd} from '../text/fit.ts';
import {sanitize} from '../text/sanitize.ts';
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
			const next = drawSafely(controller, size, theme);
			if (next.length !== last.length || next.some((row, index) => row !== last[index])) {
				last = next;
			}
			return last;
		},
	};
}

/**
A screen that can't be drawn says so and leaves the others usable: React would keep the last one that could,
which looks alive and is not.
*/
function drawSafely(controller: Controller, size: Size, theme: Theme): string[] {
	try {
		return frame(controller.model(size), theme);
	} catch (error) {
		const text = `This screen can't be drawn, which is a fault of jetmedic: ${String(error)}. esc goes back.`;
		return Array.from({length: size.rows}, (_, row) => padEnd(row === 0 ? sanitize(text) : '', size.columns));
	}
}
