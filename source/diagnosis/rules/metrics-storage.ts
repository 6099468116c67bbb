import {own} from '../../state/record.ts';
import {purgeRemedy} from '../purge-remedy.ts';
import type {Rule} from '../rule.ts';
import {bytesOf, percentOf} from '../words.ts';

/** The bytes that a service itself reports, near the limit of the stream. */
export const rule: Rule = {
	id: 'metrics-storage',
	title: 'A service reports storage pressure',
	severity: 'warning',
	section: 'Detection',
	meaning: 'A service itself reports that the stream is near its limit.',
	evidence: "bytes as the service reports them, and the stream's limit",
	remedy: 'purge (P), as for storage',
	check(state, config) {
		const stream = own(state.streams, config.stream);
		return Object.values(state.metrics).flatMap(({name, service, status, storageBytes}) => {
			const limit = stream?.maxBytes ?? 0;
			const percent = percentOf(storageBytes ?? 0, limit);
			if (
				!stream ||
				storageBytes === undefined ||
				status !== 'ok' ||
				percent <= config.thresholds.storageWarnPercent
			) {
				return [];
			}
			return {
				id: `metrics-storage:${name}`,
				severity: 'warning' as const,
				title: `${service ?? name} reports storage pressure`,
				evidence: bytesOf(storageBytes, limit),
				...purgeRemedy(stream, config),
			};
		});
	},
};
