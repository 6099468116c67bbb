import {describe, expect, it} from 'vitest';
import {sanitize} from '../../source/text/sanitize.ts';

const esc = '\u001b';
const bel = '\u0007';

describe('sanitize', () => {
	it.each([
		['a colour', `${esc}[31mred${esc}[0m`, 'red'],
		['a cursor move and an erase', `a${esc}[2J${esc}[1;1Hb`, 'ab'],
		['a window title', `${esc}]0;owned${bel}after`, 'after'],
		['a clipboard write ended by ST', `${esc}]52;c;cm0gLXJm${esc}\\after`, 'after'],
		['a link', `${esc}]8;;http://evil${bel}text${esc}]8;;${bel}`, 'text'],
		['carriage return, backspace, bell, null', 'a\rb\bc\u0007d\u0000e', 'abcde'],
		['delete', 'a\u007fb', 'ab'],
		['the C1 form of CSI', 'a\u009b31mb', 'ab'],
		['other C1 controls', 'a\u0085b\u0090c\u009cd', 'abcd'],
		['tabs and line breaks', 'a\tb\n\nc', 'a b c'],
		['bidi overrides and isolates', 'a\u202eb\u2066c\u2069d\u200fe\u061cf', 'abcdef'],
		['text that is there and not seen', 'pa\u200bss\u2060wo\ufeffrd\u00ad', 'password'],
		['line and paragraph separators', 'a\u2028b\u2029c', 'abc'],
		['a lone half of a surrogate pair', 'a\ud800b', 'a\ufffdb'],
	])('takes out %s', (_, hostile, safe) => {
		expect(sanitize(hostile)).toBe(safe);
	});

	it.each(['TITAN_INTENTS', 'Grüße 日本語 🚀', 'a — b … “c”', ''])('leaves %j as it is', (text) => {
		expect(sanitize(text)).toBe(text);
	});

	it.each([
		['an escape sequence that never ends', `${esc}]0;${'x'.repeat(50)}`],
		['one cut in the middle by the limit', `${'y'.repeat(18)}${esc}[31mred`],
		['one built of the rests of others', `${esc}${esc}[31m[31mx`],
		['one hidden behind an invisible character', `${esc}\u200b[31mx`],
	])('lets no control character through: %s', (_, hostile) => {
		const everywhere = Array.from({length: 60}, (_unused, limit) => sanitize(hostile, limit + 1));
		for (const text of [...everywhere, sanitize(hostile)]) {
			expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b]/);
		}
	});

	it('cuts what is longer than the limit, and says so', () => {
		expect(sanitize('abcdefghij', 5)).toBe('abcd…');
		expect(sanitize('abcde', 5)).toBe('abcde');
		expect(sanitize('x'.repeat(10_000))).toHaveLength(2000);
	});

	it('takes time for what it keeps, not for what it is given', () => {
		const hostile = `${esc}]`.repeat(5_000_000);
		const started = performance.now();
		sanitize(hostile);
		expect(performance.now() - started).toBeLessThan(200);
	});

	const between = (from: number, to: number): number[] =>
		Array.from({length: to - from + 1}, (_, at) => from + at);

	it.each([
		['controls (Cc)', [...between(0, 8), ...between(0x0b, 0x1f), ...between(0x7f, 0x9f)]],
		['the soft hyphen (Cf)', [0xad]],
		[
			'marks of direction, embeddings, overrides, isolates (Cf)',
			[0x61c, 0x200e, 0x200f, ...between(0x202a, 0x202e), ...between(0x2066, 0x2069)],
		],
		['zero width: space, joiners, no-break (Cf)', [0x200b, 0x200c, 0x200d, 0x2060, 0xfeff]],
		[
			'invisible operators and old format controls (Cf)',
			[...between(0x2061, 0x2064), ...between(0x206a, 0x206f)],
		],
		['the combining grapheme joiner (Mn)', [0x34f]],
		['Hangul fillers (Lo)', [0x115f, 0x1160, 0x3164, 0xffa0]],
		['Khmer inherent vowels, Mongolian selectors (Mn, Cf)', [0x17b4, 0x17b5, ...between(0x180b, 0x180f)]],
		['line and paragraph separators (Zl, Zp)', [0x2028, 0x2029]],
		['variation selectors (Mn)', between(0xfe00, 0xfe0f)],
		['their supplement (Mn)', between(0xe0100, 0xe01ef)],
		['tags (Cf)', [0xe0001, ...between(0xe0020, 0xe007f)]],
		['interlinear annotations (Cf)', between(0xfff9, 0xfffb)],
		[
			'musical and shorthand format controls (Cf)',
			[...between(0x1d173, 0x1d17a), ...between(0x1bca0, 0x1bca3)],
		],
		['what is reserved to be ignored (Cn)', [0x2065, 0xfff0, 0xfff8, 0xe0000, 0xe0fff]],
		['code points that are no characters (Cn)', [0xfdd0, 0xfdef, 0xfffe, 0xffff, 0x1fffe, 0x10ffff]],
	])('takes out %s', (_, points) => {
		for (const point of points) {
			expect(sanitize(`a${String.fromCodePoint(point)}b`), point.toString(16)).toBe('ab');
		}
	});

	it('makes one kind of space of all', () => {
		for (const point of [0xa0, 0x1680, ...between(0x2000, 0x200a), 0x202f, 0x205f, 0x2800, 0x3000]) {
			expect(sanitize(`a${String.fromCodePoint(point)}b`), point.toString(16)).toBe('a b');
		}
	});

	it('lets nothing through that is not seen, of all code points', () => {
		const all = between(0, 0x10ff).map((block) =>
			sanitize(String.fromCodePoint(...between(block * 0x100, block * 0x100 + 0xff)), 1000),
		);
		// A lone half of a pair becomes U+FFFD; what is not assigned yet, or a user's own, a font draws as a box.
		const unseen =
			/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}]/u;
		expect(all.filter((text) => unseen.test(text))).toEqual([]);
	});

	it('takes out a sentence that tags carry', () => {
		const hidden = [...'run P']
			.map((letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0)))
			.join('');
		expect(sanitize(`ORDERS${hidden}`)).toBe('ORDERS');
	});

	it('keeps the marks of a letter, and no pile of them', () => {
		expect(sanitize('e\u0301 ệ ก็ã')).toBe('e\u0301 ệ ก็ã');
		expect(sanitize(`a${'\u0301'.repeat(500)}b`)).toBe(`a${'\u0301'.repeat(4)}b`);
	});
});
