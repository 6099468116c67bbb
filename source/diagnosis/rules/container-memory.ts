import type {Rule} from '../rule.ts';
import {bytesOf, percentOf} from '../words.ts';

/** A container whose memory is near its limit: the kernel kills what goes beyond. */
export const rule: Rule = {
	id: 'container-memory',
	title: "A container's memory is near its limit",
	severity: 'warning',
	section: 'Detection',
	meaning:
		'The container uses nearly all the memory that it may. Beyond the limit the kernel kills its process.',
	evidence: 'memory in use, without the page cache, and the limit',
	remedy: 'raise its memory limit, or find what uses the memory',
	check({services}, config) {
		return Object.values(services).flatMap(({service, status, stats}) => {
			const {memoryBytes: used = 0, memoryLimitBytes: limit = 0} = stats ?? {};
			if (status !== 'running' || percentOf(used, limit) < config.thresholds.memoryWarnPercent) {
				return [];
			}
			return {
				id: `container-memory:${service}`,
				severity: 'warning' as const,
				title: `${service} is nearly out of memory`,
				evidence: bytesOf(used, limit),
				advice: `raise the memory limit of ${service}`,
				// A sample is taken each five seconds, and a peak is no state.
				afterMs: 4000,
			};
		});
	},
};
