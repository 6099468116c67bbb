import {leastFreeBytes} from '../../state/disk.ts';
import {formatBytes} from '../../text/bytes.ts';
import type {Rule} from '../rule.ts';
import {serversOf} from '../servers.ts';

/** The disk under the server's store is full: before the server says so itself. */
export const rule: Rule = {
	id: 'disk',
	title: "The disk under the server's store is full",
	severity: 'critical',
	section: 'If Storage Pressure',
	meaning:
		'The disk that holds the store is full: publishing fails, and stays broken after space is freed until the server is restarted; older servers hang.',
	evidence: 'bytes free and the size of the disk',
	remedy:
		'free space on the host first; then restart (R) where the server was already hit; then purge (P) where it is the stream that fills it',
	avoid: 'Purge before space is free and the server restarted: it hangs the stream.',
	worse: ['purge', 'recover'],
	check(state, config) {
		return serversOf(state, config).flatMap(({service, suffix, disk}) => {
			const {freeBytes, totalBytes} = disk ?? {freeBytes: 0, totalBytes: 0};
			return !(totalBytes > 0) || freeBytes >= leastFreeBytes(totalBytes)
				? []
				: {
						id: `disk${suffix}`,
						severity: 'critical' as const,
						title: `The disk of ${service} is full`,
						evidence: `${formatBytes(freeBytes, 1)} free of ${formatBytes(totalBytes, 1)}`,
						advice: 'free disk space, then R, then P',
					};
		});
	},
};
