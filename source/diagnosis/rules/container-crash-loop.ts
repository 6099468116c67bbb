import {nodeServices} from '../../config/nodes.ts';
import type {ServiceState} from '../../state/types.ts';
import {plural} from '../../text/count.ts';
import {lastLogLine} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {list} from '../words.ts';

/** So many restarts in so long are no accident any more. */
const leastRestarts = 3;
const withinMs = 120_000;

/** How long it must have run until the loop is over: twice as long as it lived between its ends, within these bounds. */
const settled = {leastMs: 15_000, mostMs: 60_000} as const;

/** A container that ends again and again, each time soon after its start. */
export const rule: Rule = {
	id: 'container-crash-loop',
	title: 'A container restarts again and again',
	severity: 'critical',
	section: 'Immediate Actions',
	meaning:
		'The container ends soon after each start, and its restart policy starts it again: something it needs is missing or wrong, and it will not mend itself.',
	evidence: 'restarts, the exit code, and the last line of its log',
	remedy:
		'raise its memory limit where it was killed for that; else read its log: a wrong setting, a volume that it can not write, a full disk',
	avoid: 'Restart it once more: that is what the engine does already, and the next start ends like the last.',
	worse: ['restart'],
	check(state, config, now) {
		return Object.values(state.services).flatMap((service) => {
			const restarts = restartsOf(service, now);
			if (restarts === undefined) {
				return [];
			}
			const {service: name, exitCode, oomKilled, lastExit} = service;
			const isRunning = service.status === 'running';
			const code = isRunning ? lastExit?.exitCode : exitCode;
			const isOutOfMemory = isRunning ? lastExit?.oomKilled : oomKilled;
			return {
				id: `container-crash-loop:${name}`,
				severity: 'critical' as const,
				title: `${name} restarts again and again`,
				evidence: list(
					plural(restarts, 'restart'),
					code !== undefined && `exit ${code}${isOutOfMemory ? ' (out of memory)' : ''}`,
					!isOutOfMemory && lastLogLine(state, name),
				),
				advice: isOutOfMemory
					? `raise the memory limit of ${name}`
					: `${nodeServices(config).includes(name) ? 'no restart helps: ' : ''}read the log of ${name}`,
			};
		});
	},
};

/** How often it was restarted, where that is a loop. */
function restartsOf(service: ServiceState, now: number): number | undefined {
	const seen = (service.restartTimes ?? []).filter((at) => now - at < withinMs).length;
	const isSettled =
		service.status === 'running' &&
		now - (service.restartedAt ?? service.startedAt ?? 0) >= settledAfter(service.restartTimes ?? []);
	// At the first look nothing was seen yet, and the engine has counted.
	const told = service.status === 'restarting' ? service.restarts : 0;
	const restarts = Math.max(seen, told);
	return restarts >= leastRestarts && !isSettled && service.status !== 'exited' ? restarts : undefined;
}

function settledAfter(restarts: readonly number[]): number {
	const gaps = restarts.slice(1).map((at, index) => at - restarts[index]!);
	return Math.min(settled.mostMs, Math.max(settled.leastMs, 2 * Math.max(0, ...gaps)));
}
