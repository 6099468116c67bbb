import {sanitize} from '../text/sanitize.ts';

/**
Text as Markdown that shows it and nothing else: names and messages come from outside, and must neither break a
table nor bring HTML, links or images in. (https://github.github.com/gfm/, 6.1 "Backslash escapes", 6.9 "Autolinks")
*/
export function escapeText(text: string, maxLength = 600): string {
	return (
		sanitize(text, maxLength)
			.trim()
			.replace(/[\\`*[\]|~$]/g, '\\$&')
			.replace(/&/g, '&amp;')
			.replace(/</g, '&lt;')
			.replace(/>/g, '&gt;')
			// Inside a word an underscore is itself: TITAN_INTENTS stays as it can be read.
			.replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_')
			// What begins a heading, a list, a rule, where the text begins its line.
			.replace(/^[#+=-]/, '\\$&')
			.replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
			// GitHub makes links of bare addresses.
			.replace(/:\/\//g, '&#58;//')
			.replace(/\bwww\./gi, (prefix) => `${prefix.slice(0, -1)}&#46;`)
			.replace(/@/g, '&#64;')
	);
}

/** Text as a code span, whatever backticks are in it. In a table its bars need a backslash, also here (4.10 "Tables"). */
export function code(text: string, maxLength = 600): string {
	const clean = sanitize(text, maxLength).trim();
	if (clean === '') {
		return '';
	}
	const longest = Math.max(0, ...(clean.match(/`+/g) ?? []).map(({length}) => length));
	const fence = '`'.repeat(longest + 1);
	const pad = clean.startsWith('`') || clean.endsWith('`') ? ' ' : '';
	// A backslash before a bar would itself be taken for the bar's; what stands in code can't be escaped otherwise.
	return `${fence}${pad}${clean.replace(/\\*\|/g, '\\|')}${pad}${fence}`;
}

/** A table. The cells are Markdown already: of `escapeText` and `code`. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
	const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
	return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

/** A block that is copied as it stands, such as commands. */
export function block(lines: readonly string[]): string[] {
	const clean = lines.map((line) => sanitize(line, 1000));
	const longest = Math.max(2, ...clean.flatMap((line) => line.match(/`+/g) ?? []).map(({length}) => length));
	const fence = '`'.repeat(longest + 1);
	return [`${fence}sh`, ...clean, fence];
}

/** A UTC time: `2026-11-24 19:40:12`, with `ms` `2026-11-24 19:40:12.345`. */
export function utc(at: number, ms = false): string {
	const date = new Date(at);
	return Number.isNaN(date.getTime())
		? 'unknown time'
		: date
				.toISOString()
				.slice(0, ms ? 23 : 19)
				.replace('T', ' ');
}
