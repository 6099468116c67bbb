import {type Binding, bindingsOf, labelOf} from '../keys/bindings.ts';
import {cyanBold, dim, fitLine, inverse, type Line, lineWidth, red, span} from '../line.ts';
import {currentMode} from '../mode.ts';
import type {Model} from '../model.ts';

/** The last row: the keys that work now, or a sentence, or what is being typed. */
export function footer(model: Model, columns: number): Line {
	const {ui} = model;
	const mode = currentMode(ui, model);
	if (ui.message) {
		return fitLine([span(ui.message.text, ui.message.tone === 'bad' ? red : undefined)], columns);
	}
	if (mode === 'search' || mode === 'filter') {
		const words = mode === 'search' ? '/' : `filter ${ui.focus}: `;
		return fitLine(
			[span(words, cyanBold), span(ui.typed), span(' ', inverse), span('   '), ...keys(model, columns)],
			columns,
		);
	}
	if (mode === 'abort') {
		const question = span('Abort the run? What it stopped is started again.   ', red);
		return fitLine([question, ...keys(model, columns - lineWidth([question]))], columns);
	}
	return fitLine(keys(model, columns), columns);
}

/** The keys of the mode, as many as fit; the last two stay. */
function keys(model: Model, columns: number): Line {
	const shown = offered(model);
	// Only the watch screen sets apart what changes something; another mode keeps the order of its few keys.
	const isWatch = currentMode(model.ui, model) === 'watch';
	const changing = isWatch ? shown.filter(({dangerous}) => dangerous) : [];
	const rest = shown
		.filter((binding) => !changing.includes(binding))
		.map((binding) => keyCell(binding, model));
	const first = changing.map((binding) => keyCell(binding, model));
	const draw = () => (isWatch ? watchKeys(first, rest) : join(rest, '   '));
	while (rest.length > 3 && lineWidth(draw()) > columns) {
		rest.splice(-3, 1);
	}
	return draw();
}

function watchKeys(changing: Line[], safe: Line[]): Line {
	const before = changing.length > 0 ? [...join(changing, '  '), span('  │  ', dim)] : [];
	return [...before, ...join(safe, '  ')];
}

function offered(model: Model): Binding[] {
	const mode = currentMode(model.ui, model);
	return bindingsOf(model.config).filter(
		(binding) =>
			(typeof binding.footer === 'function' ? binding.footer(model) : binding.footer) &&
			binding.modes.includes(mode) &&
			!(binding.dangerous && model.readOnly) &&
			(binding.when?.(model) ?? true),
	);
}

function keyCell(binding: Binding, model: Model): Line {
	return [span(binding.keys[0] ?? '', cyanBold), span(` ${labelOf(binding, model)}`)];
}

function join(cells: Line[], gap: string): Line {
	return cells.flatMap((cell, index) => (index > 0 ? [span(gap), ...cell] : cell));
}
