import {stripVTControlCharacters} from 'node:util';
import {frame} from '../../source/ui/frame.ts';
import {type Line, plainText} from '../../source/ui/line.ts';
import type {Model} from '../../source/ui/model.ts';

/** The text of a pane, without its styles and without the spaces at the end of its rows. */
export function textOf(lines: Line[]): string {
	return lines.map((line) => plainText(line).trimEnd()).join('\n');
}

/** The text of the whole screen. */
export function screenOf(model: Model): string {
	return frame(model, {ascii: false, colour: true})
		.map((row) => stripVTControlCharacters(row).trimEnd())
		.join('\n');
}

/** The row of a text that has all of the words. */
export function rowWith(text: string, ...words: string[]): string {
	const row = text.split('\n').find((candidate) => words.every((word) => candidate.includes(word)));
	if (row === undefined) {
		throw new Error(`No row has ${words.join(' and ')} in:\n${text}`);
	}
	return row;
}
