import stringWidth from 'string-width';
import {expect, test} from 'vitest';
import {width} from '../../source/text/fit.ts';
import {beside, fitLine, lineWidth, plainText, red, span, spread, wrap} from '../../source/ui/line.ts';
import {paint} from '../../source/ui/theme.ts';

test.each([0, 1, 2, 3, 5, 6, 7, 8, 20])('a line fits exactly into %i columns', (columns) => {
	expect(lineWidth(fitLine([span('ab'), span('漢字', red), span('c')], columns))).toBe(columns);
	expect(lineWidth(fitLine([span('abc'), span('def')], columns))).toBe(columns);
});

test('a cut shows, and nothing is cut that fits', () => {
	expect(plainText(fitLine([span('abc'), span('def')], 6))).toBe('abcdef');
	expect(plainText(fitLine([span('abc'), span('def')], 5))).toBe('abcd…');
	expect(plainText(fitLine([span('abc'), span('def')], 3))).toBe('ab…');
});

test('the end of a spread line stays', () => {
	expect(plainText(spread([span('a long start')], [span('end')], 10))).toBe('a long…end');
});

test('blocks stand side by side in their widths', () => {
	const rows = beside(
		[
			{lines: [[span('a')], [span('b')]], width: 3},
			{lines: [[span('cc')]], width: 2},
		],
		1,
	);
	expect(rows.map(plainText)).toEqual(['a   cc', 'b     ']);
});

test('text is broken at spaces', () => {
	expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
});

test('codes are written one by one, and ended', () => {
	expect(paint([span('x', {colour: 'red', bold: true})], {ascii: false, colour: true})).toBe(
		'\u001B[1m\u001B[31mx\u001B[39m\u001B[22m',
	);
});

test('ASCII takes as many columns as what it stands for', () => {
	const glyphs = '●✖▲▼○✔─╌└·│┤┼╭╮╰╯█░▏▉…❯→⠋';
	const painted = paint([span(glyphs)], {ascii: true, colour: false});
	expect(painted).toMatch(/^[\x20-\x7e]+$/);
	expect(width(painted)).toBe(width(glyphs));
});

test('what grows points up in ASCII too', () => {
	const line = [{text: '▲840/s', ascii: '^840/s'}];
	expect(paint(line, {ascii: true, colour: false})).toBe('^840/s');
	expect(paint(line, {ascii: false, colour: false})).toBe('▲840/s');
});

test('every glyph that is taken to be one column wide is one', () => {
	for (let code = 0x20; code < 0x3000; code++) {
		const glyph = String.fromCodePoint(code);
		expect(width(`${glyph}${glyph}`), `U+${code.toString(16)}`).toBe(stringWidth(`${glyph}${glyph}`));
	}
});
