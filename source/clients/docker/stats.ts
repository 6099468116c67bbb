import type {Stats} from './schema.ts';

/**
Per cent of one core between two samples, by the arithmetic of `docker stats`
(docker/cli, cli/command/container/stats_helpers.go).

@returns Undefined where there is no earlier sample to compare with, or the engine names no system time.
*/
export function cpuPercent(stats: Stats, previous: Stats | undefined): number | undefined {
	const system = stats.cpu_stats.system_cpu_usage;
	const before = previous?.cpu_stats.system_cpu_usage;
	if (system === undefined || before === undefined || system <= before) {
		return undefined;
	}
	const used = stats.cpu_stats.cpu_usage.total_usage - (previous?.cpu_stats.cpu_usage.total_usage ?? 0);
	// A restarted container counts from zero again.
	return used < 0 ? undefined : (used / (system - before)) * (stats.cpu_stats.online_cpus ?? 1) * 100;
}

/** Bytes in use without the page cache that the kernel would give back, as `docker stats` has it, and the limit. */
export function memory(stats: Stats): {bytes: number; limitBytes: number} | undefined {
	const {usage, limit, stats: parts} = stats.memory_stats;
	if (usage === undefined) {
		return undefined;
	}
	// cgroup v1 names it total_inactive_file, v2 inactive_file.
	const cache = parts?.total_inactive_file ?? parts?.inactive_file ?? 0;
	return {bytes: cache < usage ? usage - cache : usage, limitBytes: limit ?? 0};
}
