import type {Rule} from '../rule.ts';

/** Of what a container may use, what counts as all of it. */
const fullShare = 0.95;

/** A container that uses all the processor time that it may. */
export const rule: Rule = {
	id: 'container-cpu',
	title: 'A container is at its CPU limit',
	severity: 'warning',
	section: 'Detection',
	meaning:
		'The container uses all the processor time that its limit grants: it answers late, and falls behind.',
	evidence: 'cores in use and the limit',
	remedy: 'raise its limit, or find what it works on',
	check({services}) {
		return Object.values(services).flatMap(({service, status, stats, cpuLimit = 0}) => {
			const cores = (stats?.cpuPercent ?? 0) / 100;
			if (status !== 'running' || !(cpuLimit > 0) || cores < cpuLimit * fullShare) {
				return [];
			}
			return {
				id: `container-cpu:${service}`,
				severity: 'warning' as const,
				title: `${service} is at its CPU limit`,
				evidence: `${cores.toFixed(2)} of ${cpuLimit.toFixed(2)} cores`,
				advice: `raise the CPU limit of ${service}`,
				// Two samples in a row: a burst is work, not a fault.
				afterMs: 9000,
			};
		});
	},
};
