import {expect, test} from 'vitest';
import {own, put} from '../../source/state/record.ts';
import {share} from '../../source/state/share.ts';

test('gives the previous value where the next one is equal', () => {
	const previous = {a: [1, {b: 'x'}], c: undefined};
	expect(share(previous, structuredClone(previous))).toBe(previous);
});

test('gives the equal parts of a value that differs', () => {
	const previous = {same: {a: [1, 2]}, other: {b: 1}};
	const next = share<typeof previous>(previous, {same: {a: [1, 2]}, other: {b: 2}});
	expect(next).toEqual({same: {a: [1, 2]}, other: {b: 2}});
	expect(next).not.toBe(previous);
	expect(next.same).toBe(previous.same);
});

test.each([
	['a key less', {a: 1, b: 2}, {a: 1}],
	['a key more', {a: 1}, {a: 1, b: undefined}],
	['a shorter list', [1, 2], [1]],
	['a longer list', [1], [1, 2]],
	['another type', [1], {0: 1}],
	['nothing before', undefined, {a: 1}],
	['null', null, {a: 1}],
])('does not take %s for the same', (_, previous, next) => {
	expect(share<unknown>(previous, next)).toStrictEqual(next);
});

test('takes NaN for NaN, so that a figure that is none does not change each time', () => {
	const previous = {a: Number.NaN};
	expect(share(previous, {a: Number.NaN})).toBe(previous);
});

test.each(['__proto__', 'constructor', 'toString'])('a record has %s only where it was put', (name) => {
	expect(own<unknown>({}, name)).toBeUndefined();
	const record = put({}, name, {is: 'mine'});
	expect(own(record, name)).toEqual({is: 'mine'});
	expect(own(share(undefined, record), name)).toEqual({is: 'mine'});
	expect(own(share({}, record), name)).toEqual({is: 'mine'});
});
