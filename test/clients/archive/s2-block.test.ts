import {describe, expect, it} from 'vitest';
import {blockHead, decodeBlock} from '../../../source/clients/archive/s2-block.ts';

function decode(...bytes: number[]): string {
	const block = Buffer.from(bytes);
	const target = Buffer.alloc(blockHead(block).length);
	decodeBlock(block, target);
	return target.toString('latin1');
}

const literal = (text: string): number[] => [(text.length - 1) << 2, ...Buffer.from(text)];

describe('decodeBlock', () => {
	it('decodes literals', () => {
		expect(decode(3, ...literal('abc'))).toBe('abc');
	});

	it.each([
		['one', [60 << 2, 99], 100],
		['two', [61 << 2, 43, 1], 300],
		['three', [62 << 2, 43, 1, 0], 300],
		['four', [63 << 2, 43, 1, 0, 0], 300],
	])('decodes a literal whose length takes %s', (_, head, length) => {
		const size = length < 128 ? [length] : [(length & 127) | 128, length >> 7];
		expect(decode(...size, ...head, ...Buffer.alloc(length, 'x'))).toBe('x'.repeat(length));
	});

	it.each([
		// A copy of four bytes to eleven from up to 2 kB before.
		['one byte', [((4 - 4) << 2) | 1, 4], 'abcdabcd'],
		['two bytes', [((4 - 1) << 2) | 2, 4, 0], 'abcdabcd'],
		['four bytes', [((4 - 1) << 2) | 3, 4, 0, 0, 0], 'abcdabcd'],
	])('decodes a copy whose offset takes %s', (_, copy, text) => {
		expect(decode(8, ...literal('abcd'), ...copy)).toBe(text);
	});

	it('decodes a copy of what it is still copying', () => {
		expect(decode(12, ...literal('ab'), ((10 - 1) << 2) | 2, 2, 0)).toBe('abababababab');
	});

	it('decodes a long copy of what was there before', () => {
		const text = 'abcdefghijklmnopqrstuvwxyz012345';
		expect(decode(64, ...literal(text), ((32 - 1) << 2) | 2, 32, 0)).toBe(text + text);
	});

	it.each([
		['short', [(0 << 2) | 1, 0], 4],
		['of one more byte', [(5 << 2) | 1, 0, 2], 10],
		['of two more bytes', [(6 << 2) | 1, 0, 1, 0], 4 + 256 + 1],
		['of three more bytes', [(7 << 2) | 1, 0, 1, 0, 0], 4 + 65_536 + 1],
	])('decodes a repeat of the last offset: %s', (_, repeat, length) => {
		const whole = 8 + length;
		const size = [(whole & 127) | 128, ((whole >> 7) & 127) | 128, whole >> 14];
		// `abcd`, a copy of it, and on with the same offset.
		const text = decode(...size, ...literal('abcd'), (0 << 2) | 1, 4, ...repeat);
		expect(text).toBe('abcd'.repeat(whole / 4 + 1).slice(0, whole));
	});

	it.each([
		['a literal past its end', [8, ...literal('abcd').slice(0, 3)]],
		['a copy from before its beginning', [8, ...literal('abcd'), 1, 5]],
		['a repeat before any copy', [8, ...literal('abcd'), 1, 0]],
		['more than it says', [2, ...literal('abcd')]],
		['less than it says', [9, ...literal('abcd')]],
		['a copy that is cut', [8, ...literal('abcd'), (3 << 2) | 2, 4]],
	])('refuses %s', (_, bytes) => {
		expect(() => decode(...bytes)).toThrow('a block of it is damaged');
	});

	it('refuses a block without a length', () => {
		expect(() => blockHead(Buffer.alloc(5, 255))).toThrow('has no length');
		expect(() => blockHead(Buffer.alloc(0))).toThrow('has no length');
	});
});
