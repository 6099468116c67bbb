import {describe, expect, it} from 'vitest';
import {jsonOf, maxDepth, parseBounded} from '../../source/clients/bounded-json.ts';

const nested = (depth: number, open = '[', close = ']'): string => open.repeat(depth) + close.repeat(depth);

describe('parseBounded', () => {
	it('reads what JSON.parse reads, also after a byte order mark', () => {
		const value = {a: [1, '[[[', '\\"]', '\\'], 'b"': {c: null}};
		expect(parseBounded(JSON.stringify(value))).toEqual(value);
		expect(parseBounded(`\uFEFF${JSON.stringify(value)}`)).toEqual(value);
	});

	it('goes as deep as it may, and no deeper', () => {
		expect(() => parseBounded(nested(maxDepth))).not.toThrow();
		for (const depth of [maxDepth + 1, 100_000]) {
			expect(() => parseBounded(nested(depth))).toThrow('nested deeper than 64 levels');
			expect(() => parseBounded(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)).toThrow('nested deeper');
		}
	});

	it('counts no bracket of a text, whatever its quotes', () => {
		const text = ['['.repeat(500), '\\"['.repeat(500), '\\\\', '"'].map((one) => JSON.stringify(one));
		expect(parseBounded(`[${text.join(',')}]`)).toHaveLength(4);
	});

	it.each([
		['', 'the answer is empty'],
		[' \n', 'the answer is empty'],
		['{"a":', 'the answer is not JSON'],
		['"abc', 'the answer is not JSON'],
		['<html>', 'the answer is not JSON'],
	])('says why it is none: %j', (text, why) => {
		expect(() => parseBounded(text)).toThrow(why);
		expect(jsonOf(text)).toBeUndefined();
	});

	it('takes no more than it may', () => {
		expect(() => parseBounded('[1,2,3]', {maxLength: 5})).toThrow('larger than');
	});
});
