import type {Config} from '../../config/schema.ts';
import {own} from '../../state/record.ts';
import type {DeploymentState} from '../../state/types.ts';
import type {Severity, Symptom} from '../finding.ts';
import {purgeRemedy} from '../purge-remedy.ts';
import {presentStreams} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {serversOf} from '../servers.ts';
import {bytesOf, list, percentOf} from '../words.ts';
import {isFull, isRing} from './stream-full.ts';

/**
Storage near a limit: of a stream, of the account, of the server. The percentage is cut to a whole one and
compared strictly, as `nats server check jetstream` does it. What is full already is stream-full's.
*/
export const rule: Rule = {
	id: 'storage',
	title: 'Storage is near its limit',
	severity: 'critical',
	section: 'If Storage Pressure',
	meaning:
		'A stream, the account or the server is near its limit. The percentage is cut and compared as in `nats server check jetstream`.',
	evidence: 'bytes used and the limit',
	remedy:
		"purge (P) where the runbooks' stream holds most of it; else purge what is not needed, or raise the limit",
	check(state, config) {
		return [...ofStreams(state, config), ...ofAccountAndServer(state, config)];
	},
};

function ofStreams(state: DeploymentState, config: Config): Symptom[] {
	return presentStreams(state, config).flatMap((stream) => {
		const severity = severityOf(stream.bytes, stream.maxBytes, config);
		if (!severity || isFull(stream) || isRing(stream)) {
			return [];
		}
		return {
			id: `storage:${stream.name}`,
			// What gives up old messages goes on taking new ones.
			severity: stream.discard === 'old' ? 'warning' : severity,
			title: `${stream.name} is nearly full`,
			evidence: list(
				bytesOf(stream.bytes, stream.maxBytes),
				stream.discard === 'new'
					? 'publishers are refused at the limit'
					: 'the oldest messages are dropped at the limit',
			),
			...purgeRemedy(stream, config),
		};
	});
}

type Row = {
	id: string;
	name: string;
	kind: 'file' | 'memory';
	used: number | undefined;
	limit: number | undefined;
};

function ofAccountAndServer(state: DeploymentState, config: Config): Symptom[] {
	const {account} = state.nats;
	const stream = own(state.streams, config.stream);
	const rows: Row[] = [
		{
			id: '$account',
			name: 'The account',
			kind: 'file',
			used: account?.storageBytes,
			limit: account?.maxStorageBytes,
		},
		{
			id: '$account-memory',
			name: 'The account',
			kind: 'memory',
			used: account?.memoryBytes,
			limit: account?.maxMemoryBytes,
		},
		...serversOf(state, config).flatMap(({service: name, suffix, jsz}): Row[] => [
			{id: `$server${suffix}`, name, kind: 'file', used: jsz?.storageBytes, limit: jsz?.maxStorageBytes},
			{
				id: `$server-memory${suffix}`,
				name,
				kind: 'memory',
				used: jsz?.memoryBytes,
				limit: jsz?.maxMemoryBytes,
			},
		]),
	];
	return rows.flatMap(({id, name, kind, used = 0, limit = 0}) => {
		const severity = severityOf(used, limit, config);
		if (!severity) {
			return [];
		}
		const isFullUp = percentOf(used, limit) >= 99;
		// A purge of the runbook's stream helps where most of what is stored is in it.
		const helps = stream?.present && stream.storage === kind && stream.bytes * 2 >= used;
		return {
			id: `storage:${id}`,
			severity,
			title: `${name} is ${isFullUp ? 'out of' : 'nearly out of'} JetStream ${kind === 'file' ? 'storage' : 'memory'}`,
			evidence: list(bytesOf(used, limit), isFullUp && 'publishers are refused'),
			...(helps ? purgeRemedy(stream, config) : {advice: 'purge what is not needed, or raise the limit'}),
		};
	});
}

function severityOf(used: number, limit: number, {thresholds}: Config): Severity | undefined {
	const percent = percentOf(used, limit);
	if (percent > thresholds.storageCriticalPercent) {
		return 'critical';
	}
	return percent > thresholds.storageWarnPercent ? 'warning' : undefined;
}
