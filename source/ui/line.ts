import {padEnd, padStart, truncate, width} from '../text/fit.ts';

/** The eight colours of every terminal that this console uses; what they look like is the terminal's business. */
export type Colour = 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan';

/** How a span looks. `dim` is the grey of what is normal or old. */
export type Style = {colour?: Colour; bold?: boolean; dim?: boolean; inverse?: boolean};

/** A piece of text in one style, and what stands for it on an ASCII terminal where its glyphs do not say it. */
export type Span = {text: string; style?: Style; ascii?: string};

/** One row of the screen, not fitted yet. */
export type Line = Span[];

export const bold: Style = {bold: true};
export const dim: Style = {dim: true};
export const red: Style = {colour: 'red'};
export const redBold: Style = {colour: 'red', bold: true};
export const yellow: Style = {colour: 'yellow'};
export const green: Style = {colour: 'green'};
export const cyan: Style = {colour: 'cyan'};
export const cyanBold: Style = {colour: 'cyan', bold: true};
export const inverse: Style = {inverse: true};

/** A span, in fewer words. */
export function span(text: string, style?: Style): Span {
	return style ? {text, style} : {text};
}

/** A span of exactly `columns`, aligned to the left. */
export function left(text: string, columns: number, style?: Style): Span {
	return span(padEnd(text, columns), style);
}

/** A span of exactly `columns`, aligned to the right, as figures are. */
export function right(text: string, columns: number, style?: Style): Span {
	return span(padStart(text, columns), style);
}

/** The columns that a line takes. */
export function lineWidth(line: Line): number {
	return line.reduce((sum, {text}) => sum + width(text), 0);
}

/** The text of a line without its styles. */
export function plainText(line: Line): string {
	return line.map(({text}) => text).join('');
}

/** The line in exactly `columns`: cut with `…` where it is longer, filled with spaces where it is shorter. */
export function fitLine(line: Line, columns: number): Line {
	const total = lineWidth(line);
	if (total <= columns) {
		return total === columns ? line : [...line, span(' '.repeat(columns - total))];
	}
	const fitted: Line = [];
	let room = columns;
	for (const part of line) {
		// Something of the line is cut for certain, so a span that fills the room must leave a column for `…`.
		if (width(part.text) < room) {
			fitted.push(part);
			room -= width(part.text);
			continue;
		}
		const cut = truncate(`${part.text}  `, room);
		fitted.push(span(cut, part.style));
		room -= width(cut);
		break;
	}
	// A wide character that did not fit leaves a column.
	return room > 0 ? [...fitted, span(' '.repeat(room))] : fitted;
}

/** `start` at the left edge and `end` at the right edge of exactly `columns`; the start gives way. */
export function spread(start: Line, end: Line, columns: number): Line {
	const size = lineWidth(end);
	if (size >= columns) {
		return fitLine(end, columns);
	}
	return [...fitLine(start, columns - size), ...end];
}

/** Blocks side by side, each as wide as its width says, `gap` columns apart, as high as the highest. */
export function beside(blocks: {lines: Line[]; width: number}[], gap: number): Line[] {
	const height = Math.max(0, ...blocks.map(({lines}) => lines.length));
	return Array.from({length: height}, (_, row) =>
		blocks.flatMap((block, index) => [
			...(index > 0 ? [span(' '.repeat(gap))] : []),
			...fitLine(block.lines[row] ?? [], block.width),
		]),
	);
}

/** The block cut or filled with empty lines to exactly `height`. */
export function exactly(lines: Line[], height: number): Line[] {
	return Array.from({length: Math.max(0, height)}, (_, row) => lines[row] ?? []);
}

/** The line in one style, as the selected row is shown. */
export function restyle(line: Line, style: Style): Line {
	return [{text: plainText(line), style}];
}

/** The text broken into pieces of at most `columns`: at spaces, and within a word that is longer than that. */
export function wrap(text: string, columns: number): string[] {
	const rows: string[] = [];
	let row = '';
	for (const word of text.split(' ').flatMap((part) => pieces(part, columns))) {
		const longer = row === '' ? word : `${row} ${word}`;
		if (width(longer) <= columns || row === '') {
			row = longer;
		} else {
			rows.push(row);
			row = word;
		}
	}
	rows.push(row);
	return rows;
}

function pieces(word: string, columns: number): string[] {
	const found: string[] = [];
	let rest = word;
	while (columns > 0 && width(rest) > columns) {
		const piece = truncate(rest, columns, '') || rest.slice(0, 1);
		found.push(piece);
		rest = rest.slice(piece.length);
	}
	return [...found, rest];
}
