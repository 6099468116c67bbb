import {leastFreeBytes} from '../../state/disk.ts';
import {formatBytes} from '../../text/bytes.ts';
import type {Rule} from '../rule.ts';

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
	check({nats}, config) {
		const {disk} = nats;
		if (disk === undefined || !(disk.totalBytes > 0)) {
			return [];
		}
		const {freeBytes, totalBytes} = disk;
		return freeBytes >= leastFreeBytes(totalBytes)
			? []
			: [
					{
						id: 'disk',
						severity: 'critical',
						title: `The disk of ${config.nats.service} is full`,
						evidence: `${formatBytes(freeBytes, 1)} free of ${formatBytes(totalBytes, 1)}`,
						advice: 'free disk space, then R, then P',
					},
				];
	},
};
