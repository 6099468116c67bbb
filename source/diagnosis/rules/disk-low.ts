import {leastFreeBytes} from '../../state/disk.ts';
import {formatBytes} from '../../text/bytes.ts';
import type {Rule} from '../rule.ts';
import {serversOf} from '../servers.ts';
import {percentOf} from '../words.ts';

/** The disk under the server's store is nearly full: there is time to act. */
export const rule: Rule = {
	id: 'disk-low',
	title: "The disk under the server's store is nearly full",
	severity: 'warning',
	section: 'If Storage Pressure',
	meaning:
		'The disk that holds the store is nearly full, by the store or by something else on this host. Once it is full, publishing fails until space is free and the server was restarted.',
	evidence: 'bytes free and the size of the disk',
	remedy: 'free space on the host, or purge (P) where it is the stream that fills it',
	check(state, config) {
		return serversOf(state, config).flatMap(({service, suffix, disk}) => {
			const {freeBytes = 0, totalBytes = 0} = disk ?? {};
			const used = percentOf(totalBytes - freeBytes, totalBytes);
			const isFull = freeBytes < leastFreeBytes(totalBytes);
			return isFull || used < config.thresholds.diskWarnPercent
				? []
				: {
						id: `disk-low${suffix}`,
						severity: 'warning' as const,
						title: `The disk of ${service} is nearly full`,
						evidence: `${formatBytes(freeBytes, 1)} free of ${formatBytes(totalBytes, 1)}`,
						advice: 'free disk space',
					};
		});
	},
};
