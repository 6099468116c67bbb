import {stripVTControlCharacters} from 'node:util';

// C0 and C1 controls, and the characters that reorder or hide text around them ("Trojan Source",
// CVE-2021-42574). A tab is a space: its width depends on the column, and a row is fitted by width.
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
const invisible = /[\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/**
One line of text that is safe to write to a terminal: no escape sequence, no control character, no line
break, nothing that reorders the text. Whatever comes from outside (logs, names, errors, JSON) goes through
here at the edge, in `clients/`.

@param maxLength - UTF-16 units that are kept; a longer text ends in `…`.
*/
export function sanitize(text: string, maxLength = 2000): string {
	// Cut first: a hostile line may be megabytes long, and the patterns below are linear in its length.
	const cut = text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text;
	return stripVTControlCharacters(cut)
		.replace(/[\t\n]+/g, ' ')
		.replace(controls, '')
		.replace(invisible, '')
		.toWellFormed();
}
