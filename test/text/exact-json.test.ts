import {expect, it} from 'vitest';
import {parseExactly} from '../../source/text/exact-json.ts';

it.each([
	'{"max_bytes":9223372036854775807,"max_age":0}',
	'[18446744073709551615,-9223372036854775808,9007199254740993]',
	'{"a":1.5,"b":"9223372036854775807","c":[true,null,-1]}',
])('gives %s back as it was', (text) => {
	expect(JSON.stringify(parseExactly(text))).toBe(text);
});

it('gives numbers that fit as numbers', () => {
	expect(parseExactly('{"last_seq":9007199254740991}')).toEqual({last_seq: Number.MAX_SAFE_INTEGER});
});

it('refuses what is no JSON', () => {
	expect(() => parseExactly('{')).toThrow(SyntaxError);
});
