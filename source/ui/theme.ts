import type {Colour, Line, Style} from './line.ts';

/** What the terminal is allowed to be sent. */
export type Theme = {
	/** Letters, digits and punctuation only. */
	ascii: boolean;
	/** False with NO_COLOR: then only bold and inverse tell things apart. */
	colour: boolean;
};

const sgr: Record<Colour, number> = {red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36};

// One column for one column, so that a fitted line stays fitted. Text that comes from outside goes through it
// too: on a terminal without these glyphs they are no more readable in a log line than in a title.
const asciiFor: Record<string, string> = {
	'●': 'o',
	'✖': 'x',
	'▲': '!',
	'▼': 'v',
	'○': '.',
	'✔': '+',
	'─': '-',
	'╌': '-',
	'└': '`',
	'·': '-',
	'│': '|',
	'┤': '|',
	'┼': '+',
	'╭': '.',
	'╮': '.',
	'╰': '`',
	'╯': "'",
	'█': '#',
	'░': '.',
	'▏': ':',
	'▎': ':',
	'▍': ':',
	'▌': ':',
	'▋': '#',
	'▊': '#',
	'▉': '#',
	'…': '~',
	'❯': '>',
	'→': '>',
	'⠋': '|',
	'⠙': '/',
	'⠹': '-',
	'⠸': '\\',
};

const glyph = new RegExp(`[${Object.keys(asciiFor).join('')}]`, 'g');

/** The text with the glyphs of this console in ASCII, each in as many columns as before. */
export function toAscii(text: string): string {
	return text.replace(glyph, (found) => asciiFor[found] ?? found);
}

/**
One string for a fitted line. Codes are written one by one: Ink takes them apart again, and it knows the end
of `1` and of `31`, but not of `1;31`.
*/
export function paint(line: Line, theme: Theme): string {
	let painted = '';
	for (const {text, style, ascii} of line) {
		const shown = theme.ascii ? (ascii ?? toAscii(text)) : text;
		painted += style ? styled(shown, style, theme) : shown;
	}
	return painted;
}

function styled(text: string, style: Style, theme: Theme): string {
	let open = '';
	let close = '';
	const add = (on: number, off: number) => {
		open += `\u001B[${on}m`;
		close = `\u001B[${off}m${close}`;
	};
	if (style.inverse) {
		add(7, 27);
	}
	if (style.bold) {
		add(1, 22);
	} else if (style.dim && theme.colour) {
		add(2, 22);
	}
	if (style.colour && theme.colour) {
		add(sgr[style.colour], 39);
	}
	return open + text + close;
}
