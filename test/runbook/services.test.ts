import {describe, expect, it} from 'vitest';
import {startOrder, stopOrder} from '../../source/runbook/services.ts';

const services = (needs: Record<string, string[]>) =>
	Object.entries(needs).map(([service, dependsOn]) => ({service, dependsOn}));

describe('startOrder', () => {
	it.each([
		['nothing', {}, []],
		['no dependencies', {b: [], a: []}, [['a', 'b']]],
		['a chain', {c: ['b'], b: ['a'], a: []}, [['a'], ['b'], ['c']]],
		['a diamond', {d: ['b', 'c'], c: ['a'], b: ['a'], a: []}, [['a'], ['b', 'c'], ['d']]],
		['a dependency that is not among them', {b: ['a', 'gone'], a: ['gone']}, [['a'], ['b']]],
		['a circle', {a: ['b'], b: ['a'], c: []}, [['c'], ['a', 'b']]],
		['one that depends on itself', {a: ['a'], b: []}, [['b'], ['a']]],
		['a name that every object has', {constructor: [], a: ['constructor']}, [['constructor'], ['a']]],
	] as [string, Record<string, string[]>, string[][]][])('puts %s into levels', (_, needs, levels) => {
		expect(startOrder(services(needs))).toEqual(levels);
		expect(stopOrder(services(needs))).toEqual([...levels].reverse());
	});
});
