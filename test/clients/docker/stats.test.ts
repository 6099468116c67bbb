import {describe, expect, it} from 'vitest';
import {type Stats, statsSchema} from '../../../source/clients/docker/schema.ts';
import {cpuPercent, memory} from '../../../source/clients/docker/stats.ts';

const sample = (used: number, system?: number, cpus?: number): Stats => ({
	cpu_stats: {cpu_usage: {total_usage: used}, system_cpu_usage: system, online_cpus: cpus},
	memory_stats: {},
});

describe('cpuPercent', () => {
	it('is the share of one core', () => {
		// 50 ms of CPU time while the two cores together had 2 s: a quarter of 10 % of both is 5 % of one.
		expect(cpuPercent(sample(150e6, 12e9, 2), sample(100e6, 10e9, 2))).toBeCloseTo(5, 10);
		// Both cores busy all the time.
		expect(cpuPercent(sample(2e9, 12e9, 2), sample(0, 10e9, 2))).toBeCloseTo(200, 10);
	});

	it('takes one core where the engine does not say how many there are', () => {
		expect(cpuPercent(sample(50e6, 2e9), sample(0, 1e9))).toBeCloseTo(5, 10);
	});

	it.each([
		['there is no earlier sample', sample(1, 2, 1), undefined],
		['the engine names no system time', sample(2), sample(1)],
		['no time has passed', sample(2, 5, 1), sample(1, 5, 1)],
		['the container was restarted and counts from zero', sample(1, 20, 1), sample(10, 10, 1)],
	])('is unknown where %s', (_, now, before) => {
		expect(cpuPercent(now, before)).toBeUndefined();
	});
});

describe('memory', () => {
	const of = (memoryStats: Stats['memory_stats']) => memory({...sample(0), memory_stats: memoryStats});

	it('leaves out the cache by the name of cgroup v1 or v2', () => {
		expect(of({usage: 1000, limit: 5000, stats: {total_inactive_file: 300, inactive_file: 100}})).toEqual({
			bytes: 700,
			limitBytes: 5000,
		});
		expect(of({usage: 1000, limit: 5000, stats: {inactive_file: 100}})).toEqual({
			bytes: 900,
			limitBytes: 5000,
		});
		expect(of({usage: 1000})).toEqual({bytes: 1000, limitBytes: 0});
	});

	it('is never negative', () => {
		expect(of({usage: 100, limit: 5, stats: {inactive_file: 300}})?.bytes).toBe(100);
	});

	it('is unknown for a container that does not run', () => {
		expect(of({})).toBeUndefined();
	});
});

describe('statsSchema', () => {
	it.each([
		{cpu_stats: {cpu_usage: {total_usage: 'much'}, online_cpus: null}, memory_stats: 'none'},
		{cpu_stats: {cpu_usage: {}}},
		{cpu_stats: {cpu_usage: {total_usage: Number.POSITIVE_INFINITY}}, memory_stats: {usage: {}}},
	])('makes figures of %j or refuses it', (hostile) => {
		const stats = statsSchema.safeParse(hostile);
		if (stats.success) {
			expect(Number.isFinite(stats.data.cpu_stats.cpu_usage.total_usage)).toBe(true);
			expect(memory(stats.data)).toBeUndefined();
		}
	});
});
