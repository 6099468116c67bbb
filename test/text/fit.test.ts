import stringWidth from 'string-width';
import {describe, expect, it} from 'vitest';
import {padEnd, padStart, truncate, width} from '../../source/text/fit.ts';

const samples = [
	'TITAN_INTENTS',
	'日本語のストリーム',
	'a日b本c語',
	'👩‍🚀 astronaut 👍🏽',
	'e\u0301tude',
	'─── ● ✖ ▲ ○ … ⣿',
	'',
];

describe('fitting', () => {
	it.each(samples)('measures %j as a terminal does', (text) => {
		expect(width(text)).toBe(stringWidth(text));
	});

	it.each(samples)('brings %j into any number of columns, and fills exactly as many', (text) => {
		for (let columns = 0; columns <= 30; columns++) {
			for (const ellipsis of ['…', '...', '>']) {
				expect(stringWidth(truncate(text, columns, ellipsis))).toBeLessThanOrEqual(columns);
			}
			expect(stringWidth(padEnd(text, columns))).toBe(columns);
			expect(stringWidth(padStart(text, columns))).toBe(columns);
		}
	});

	it('leaves a text that fits as it is', () => {
		expect(truncate('abc', 3)).toBe('abc');
		expect(truncate('日本', 4)).toBe('日本');
	});

	it('shows where something was cut', () => {
		expect(truncate('abcdef', 4)).toBe('abc…');
		expect(truncate('abcdef', 4, '...')).toBe('a...');
		expect(truncate('abcdef', 1)).toBe('…');
		expect(truncate('abcdef', 0)).toBe('');
	});

	it('cuts before a wide character that would be cut in its middle', () => {
		expect(truncate('日本語', 4)).toBe('日…');
		expect(padEnd('日本語', 4)).toBe('日… ');
		expect(padStart('日本語', 4)).toBe(' 日…');
	});

	it('keeps a character with what belongs to it together', () => {
		expect(truncate('e\u0301tude', 2)).toBe('e\u0301…');
		expect(truncate('👩‍🚀👩‍🚀', 3)).toBe('👩‍🚀…');
	});

	it('aligns figures to the right', () => {
		expect(padStart('42', 5)).toBe('   42');
		expect(padEnd('42', 5)).toBe('42   ');
	});
});
