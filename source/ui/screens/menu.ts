import {
	bold,
	cyan,
	cyanBold,
	dim,
	exactly,
	fitLine,
	inverse,
	type Line,
	left,
	restyle,
	span,
} from '../line.ts';
import type {Model} from '../model.ts';
import {runbookOffers} from '../runbooks.ts';
import {title} from '../widgets.ts';

/** The menu of all runbooks. */
export function menuScreen({ui, config}: Model, columns: number, height: number): Line[] {
	const rows = runbookOffers(config).map((offer, index) => {
		const row = fitLine(
			[span(' '), left(offer.key, 3, cyanBold), left(offer.words, 24, bold), span(offer.about)],
			columns,
		);
		return index === ui.menu ? restyle(row, inverse) : row;
	});
	return exactly(
		[
			[],
			title('RUNBOOKS', columns, true),
			[],
			...rows,
			[],
			[span('Enter', cyan), span(' shows what it would do; nothing starts before you confirm.', dim)],
		],
		height,
	);
}
