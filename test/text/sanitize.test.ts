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
});
