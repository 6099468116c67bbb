import type {Rule} from '../rule.ts';
import {serversOf} from '../servers.ts';
import {bytesOf} from '../words.ts';

/** Streams were promised more than the server has. */
export const rule: Rule = {
	id: 'storage-reserved',
	title: 'More storage is reserved than there is',
	severity: 'warning',
	section: 'If Storage Pressure',
	meaning:
		"The limits of the streams (max_bytes) add up to more than the server's storage: no new stream with a limit can be made, and the server may be full before any stream is. A limit that the server takes from its disk shrinks with each restart.",
	evidence: "bytes reserved and the server's limit",
	remedy: 'lower max_bytes of streams, or set max_file_store',
	check(state, config) {
		return serversOf(state, config).flatMap(({service, suffix, jsz}) => {
			const {reservedBytes = 0, maxStorageBytes = 0} = jsz ?? {};
			return !(maxStorageBytes > 0) || reservedBytes <= maxStorageBytes
				? []
				: {
						id: `storage-reserved${suffix}`,
						severity: 'warning' as const,
						title: `The limits of the streams exceed the storage of ${service}`,
						evidence: `${bytesOf(reservedBytes, maxStorageBytes)} reserved`,
						advice: 'lower max_bytes of streams, or raise max_file_store',
					};
		});
	},
};
