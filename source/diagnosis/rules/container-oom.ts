import {formatBytes} from '../../text/bytes.ts';
import {newsMs} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {restartRemedy} from '../service-remedy.ts';
import {ago, list} from '../words.ts';

/** A container whose main process the kernel killed because its memory was at the limit. */
export const rule: Rule = {
	id: 'container-oom',
	title: 'A container was killed: out of memory',
	severity: 'critical',
	section: 'Immediate Actions',
	meaning:
		"The kernel killed the container's process because its memory reached the limit (exit 137, OOMKilled). It will happen again at the next load like that.",
	evidence: 'when, and the limit',
	remedy:
		'raise its memory limit, or find what uses the memory; start it (S, or R where it is the server) where it stays down',
	check(state, config, now) {
		return Object.values(state.services).flatMap((service) => {
			const {service: name, status, oomKilled, lastExit, finishedAt, oomAt, stats} = service;
			const isDown = status !== 'running' && status !== 'missing';
			const at =
				isDown && oomKilled
					? (finishedAt ?? service.statusSince)
					: lastExit?.oomKilled
						? lastExit.at
						: // A process that was killed before is no reason for this end.
							isDown
							? undefined
							: oomAt;
			if (at === undefined || status === 'missing' || (!isDown && now - at >= newsMs)) {
				return [];
			}
			return {
				id: `container-oom:${name}`,
				severity: isDown ? ('critical' as const) : ('warning' as const),
				title:
					at === oomAt && !oomKilled
						? `A process of ${name} was killed: out of memory`
						: `${name} was killed: out of memory`,
				evidence: list(ago(at, now), limitOf(stats), isDown ? status : 'running again'),
				...(isDown && restartRemedy(name, config, '')),
				advice: `raise the memory limit of ${name}`,
				beganAt: at,
			};
		});
	},
};

const limitOf = (stats: {memoryLimitBytes: number} | undefined): string | undefined =>
	stats && stats.memoryLimitBytes > 0 ? `limit ${formatBytes(stats.memoryLimitBytes)}` : undefined;
