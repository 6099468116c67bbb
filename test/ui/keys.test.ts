import {describe, expect, test} from 'vitest';
import {titan} from '../../source/config/titan.ts';
import {bindingsOf} from '../../source/ui/keys/bindings.ts';
import {splitKeys, typedBy} from '../../source/ui/keys/split.ts';
import type {Mode} from '../../source/ui/model.ts';

test.each([
	['jk', {}, ['j', 'k']],
	['j', {}, ['j']],
	['y\r', {}, ['y', 'enter']],
	['', {return: true}, ['enter']],
	['', {escape: true, meta: true}, ['esc']],
	['j', {meta: true}, ['esc', 'j']],
	['', {tab: true}, ['tab']],
	['', {tab: true, shift: true}, ['shift-tab']],
	['c', {ctrl: true}, ['ctrl-c']],
	['j\u0003', {}, ['j', 'ctrl-c']],
	[' ', {}, ['space']],
	['', {downArrow: true}, ['down']],
	['', {pageUp: true}, ['pageup']],
	['', {delete: true}, ['backspace']],
	['é漢', {}, ['é', '漢']],
	['e\u0301x', {}, ['e\u0301', 'x']],
	['\u0001', {}, []],
	['y', {eventType: 'release' as const}, []],
])('%j with %o is %j', (input, key, keys) => {
	expect(splitKeys(input, key)).toEqual(keys);
});

test('only a key that is a character types one', () => {
	expect(typedBy('space')).toBe(' ');
	expect(typedBy('b')).toBe('b');
	expect(typedBy('漢')).toBe('漢');
	expect(typedBy('enter')).toBeUndefined();
	expect(typedBy('ctrl-b')).toBeUndefined();
});

const bindings = bindingsOf(titan);

describe('the table of bindings', () => {
	const modes = [...new Set(bindings.flatMap((binding) => binding.modes))];

	test.each(modes)('no key means two things in the mode %s', (mode) => {
		const keys = bindings
			.filter((binding) => binding.modes.includes(mode))
			.flatMap((binding) => binding.keys);
		expect(keys).toEqual([...new Set(keys)]);
	});

	test('lower case is always safe in the watch screen', () => {
		const dangerous = bindings.filter((binding) => binding.dangerous && binding.modes.includes('watch'));
		expect(dangerous.flatMap(({keys}) => keys).sort()).toEqual(['C', 'F', 'P', 'R', 'S', 'U', 'X']);
	});

	test.each<[Mode, string]>([
		[
			'watch',
			'R P F X tab shift-tab 1 2 3 4 5 6 j k up down g G pageup pagedown enter + / n N f l space y ? q esc',
		],
		['run', 'esc a v ?'],
		['plan-key', 'esc y b d'],
		['plan-type', 'esc enter ctrl-b ctrl-d'],
	])('the mode %s has the keys %s', (mode, keys) => {
		const has = bindings.filter((binding) => binding.modes.includes(mode)).flatMap((binding) => binding.keys);
		expect(has).toEqual(expect.arrayContaining(keys.split(' ')));
	});

	test('enter alone confirms no plan by key', () => {
		expect(
			bindings.some(({keys, modes: where}) => where.includes('plan-key') && keys.includes('enter')),
		).toBe(false);
	});
});
