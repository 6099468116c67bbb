import {stripVTControlCharacters} from 'node:util';

// Almost every text is this, and has nothing to take out.
const plain = /^[\x20-\x7e]*$/;
const breaks = /[\t\n]+/g;
/**
What is not seen, or changes how the text around it is seen: controls (Cc), format characters (Cf: the tags of U+E0000 on, which
carry a whole text unseen, and those that reorder text, "Trojan Source", CVE-2021-42574), line and paragraph separators (Zl, Zp),
code points that are no characters, and whatever else a font draws as nothing: fillers, joiners, variation selectors.
https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
*/
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}]/gu;
// A name with another kind of space looks like a name with a space. The braille pattern without a dot is one, too.
const spaces = /[\p{Zs}\u2800]/gu;
// Marks above marks grow over the rows around them. The most that a script needs on one letter are four.
const piled = /(\p{M}{4})\p{M}+/gu;

/**
One line of text that is safe to write to a terminal: no escape sequence, no control character, no line
break, nothing that reorders the text or is not seen. Whatever comes from outside (logs, names, errors, JSON) passes
here at the edge, in `clients/`.

@param maxLength - UTF-16 units that are kept; a longer text ends in `…`.
*/
export function sanitize(text: string, maxLength = 2000): string {
	// Cut first: a hostile line may be megabytes long, and the patterns are linear in its length.
	const cut = text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text;
	if (plain.test(cut)) {
		return cut;
	}
	// A tab is a space: its width depends on the column, and a row is fitted by width.
	return stripVTControlCharacters(cut)
		.replace(breaks, ' ')
		.replace(unseen, '')
		.replace(spaces, ' ')
		.replace(piled, '$1')
		.toWellFormed();
}
