import {fitLine, type Line, span, yellow} from './line.ts';
import {currentMode} from './mode.ts';
import type {Model} from './model.ts';
import {footer} from './panes/footer.ts';
import {header} from './panes/header.ts';
import {visibleRun} from './run-view.ts';
import {menuScreen} from './screens/menu.ts';
import {pageScreen} from './screens/page.ts';
import {planScreen} from './screens/plan.ts';
import {runScreen} from './screens/run.ts';
import {watchScreen} from './screens/watch.ts';
import {paint, type Theme} from './theme.ts';

/** The smallest terminal that the screen is made for. */
export const smallest = {columns: 80, rows: 24};

/** The whole screen as exactly `rows` strings of exactly `columns` columns. */
export function frame(model: Model, theme: Theme): string[] {
	const {columns, rows} = model.size;
	if (columns < smallest.columns || rows < smallest.rows) {
		const words = `jetmedic needs ${smallest.columns}x${smallest.rows}; this is ${columns}x${rows}`;
		return Array.from({length: rows}, (_, row) =>
			paint(fitLine(row === 0 ? [span(words, yellow)] : [], columns), theme),
		);
	}
	const inner = columns - 2;
	const lines: Line[] = [header(model, inner), ...screen(model, inner, rows - 2), footer(model, inner)];
	return lines.map((line) => paint([span(' '), ...fitLine(line, inner), span(' ')], theme));
}

function screen(model: Model, columns: number, height: number): Line[] {
	switch (currentMode(model.ui, model)) {
		case 'plan-key':
		case 'plan-type':
		case 'plan-wait':
			return planScreen(model, columns, height);
		case 'menu':
			return menuScreen(model, columns, height);
		case 'help':
		case 'detail':
			return pageScreen(model, columns, height);
		default: {
			const run = visibleRun(model, model.ui);
			return run ? runScreen(run, model, columns, height) : watchScreen(model, columns, height);
		}
	}
}
