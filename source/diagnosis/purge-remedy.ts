import type {Config} from '../config/schema.ts';
import type {StreamState} from '../state/types.ts';
import type {Symptom} from './finding.ts';

/** What makes room in a stream: the purge where the runbook acts on this stream and it may and can be purged. */
export function purgeRemedy(stream: StreamState, config: Config): Pick<Symptom, 'runbook' | 'advice'> {
	if (stream.sealed || stream.denyPurge) {
		return {
			advice: `raise the limit of ${stream.name}: it is ${stream.sealed ? 'sealed' : 'denied to purge'}`,
		};
	}
	if (stream.messages <= config.keep) {
		return {advice: `raise the limit of ${stream.name}: a purge keeps ${config.keep}, all that it has`};
	}
	return stream.name === config.stream ? {runbook: 'purge'} : {advice: `purge ${stream.name}`};
}
