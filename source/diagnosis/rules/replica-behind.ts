import {majorityOf} from '../../config/nodes.ts';
import {isBehind, type ReplicaState, replicaLagMost, replicaSeenMs} from '../../state/cluster.ts';
import type {StreamState} from '../../state/types.ts';
import {formatCount, plural} from '../../text/count.ts';
import {formatAge} from '../../text/duration.ts';
import type {Symptom} from '../finding.ts';
import {serviceOf} from '../nodes.ts';
import {natsAnswers, presentConsumers, presentStreams} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {list} from '../words.ts';

/** A server that was started catches up with what it missed. */
const heldMs = 5000;

/** A list takes 4 s where something does not answer (docs/facts.md). */
const freshMs = 10_000;

/** A replica of a stream or a consumer can't take its leader's place, by the limits of `nats server check jetstream`. */
export const rule: Rule = {
	id: 'replica-behind',
	title: 'A replica is behind',
	severity: 'critical',
	section: 'If Stream Corrupted',
	meaning:
		'A server does not have what the leader of a stream or of a consumer has: it is offline, not current, unseen for over 5 s, or over 200 operations behind, as in `nats server check jetstream`. Critical where too few are current for a majority.',
	evidence: 'the streams and consumers, and how far behind it is',
	remedy: 'start the server where it is down; else wait, and look at its disk and its load',
	avoid: 'Restart the leader meanwhile: no other server may have what it has.',
	check(state, config, now) {
		if (!natsAnswers(state)) {
			return [];
		}
		const rows = new Map<string, Row[]>();
		// By the figures' own time: what was read before an outage tells nothing of now.
		const add = (of: string, at: number, replica: ReplicaState, isShort: boolean): void => {
			if (isBehind(replica) && now - at < freshMs && at - (replica.behindSince ?? at) >= heldMs) {
				rows.set(replica.name, [...(rows.get(replica.name) ?? []), {of, replica, isShort}]);
			}
		};
		const streams = presentStreams(state, config).filter(
			({name}) => !Object.hasOwn(state.nats.unanswered ?? {}, name),
		);
		for (const stream of streams) {
			for (const replica of stream.cluster?.replicas ?? []) {
				add(stream.name, stream.at, replica, isShort(stream));
			}
		}
		for (const {consumer} of presentConsumers(state, config)) {
			for (const replica of consumer.cluster?.replicas ?? []) {
				add(consumer.name, consumer.at, replica, false);
			}
		}
		return [
			...[...rows].map(([name, behind]) => symptomOf(serviceOf(name, state), behind, now)),
			...streams.filter(({at}) => now - at < freshMs).flatMap(tooFew),
		];
	},
};

type Row = {of: string; replica: ReplicaState; isShort: boolean};

/** Whether the leader and those that are current are no majority: its next failure loses what is acknowledged. */
function isShort({cluster, numReplicas = 1}: StreamState): boolean {
	const current = (cluster?.replicas ?? []).filter((replica) => !isBehind(replica)).length;
	return 1 + current < majorityOf(numReplicas);
}

function symptomOf(service: string, behind: Row[], now: number): Symptom {
	const [first] = behind;
	const others = behind.length - 1;
	return {
		id: `replica-behind:${service}`,
		severity: behind.some(({isShort: short}) => short) ? 'critical' : 'warning',
		title: `${service} is behind`,
		evidence: list(
			`${first?.of}: ${first && words(first.replica)}`,
			others > 0 && plural(others, 'more', 'more'),
		),
		advice: `look at ${service}`,
		beganAt: Math.min(...behind.map(({replica}) => replica.behindSince ?? now)),
	};
}

function words({offline, current, activeMs, lag}: ReplicaState): string {
	if (offline) {
		return 'offline';
	}
	if (activeMs > replicaSeenMs) {
		return `unseen for ${formatAge(activeMs)}`;
	}
	return lag > replicaLagMost || current ? `${formatCount(lag)} operations behind` : 'not current';
}

function tooFew({name, cluster, numReplicas = 1}: StreamState): Symptom[] {
	const there = cluster === undefined ? numReplicas : cluster.replicas.length + 1;
	return there >= numReplicas
		? []
		: [
				{
					id: `replica-behind:${name}/replicas`,
					severity: 'warning',
					title: `${name} has too few replicas`,
					evidence: `${there} of ${numReplicas}`,
					advice: 'add a server, or lower the replicas of the stream',
				},
			];
}
