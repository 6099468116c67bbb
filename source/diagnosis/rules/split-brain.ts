import {type Conflict, isBehind} from '../../state/cluster.ts';
import {own} from '../../state/record.ts';
import type {DeploymentState} from '../../state/types.ts';
import {isClustered, lookAtNodes} from '../nodes.ts';
import type {Rule} from '../rule.ts';
import {forAge, list} from '../words.ts';

/** A leader that was cut off believes in itself for up to 20 s (docs/facts.md); who differs for longer does not mend. */
const momentMs = 20_000;

/** The servers are compared each third second; what was not seen for three looks is over. */
const seenMs = 10_000;

/**
The servers of a cluster disagree, for longer than replication, an election or a server that was cut off explains:
on their leader, on how many they are, on a stream's leader, or on what a stream holds.
*/
export const rule: Rule = {
	id: 'split-brain',
	title: 'The servers of the cluster disagree',
	severity: 'critical',
	section: 'If Stream Corrupted',
	meaning:
		'Servers of the cluster tell different leaders, sizes of the cluster, or contents of one stream, for longer than replication explains. What one of them acknowledges, another may not have.',
	evidence: 'which server says what, for how long',
	remedy:
		'give servers of different clusters the same cluster name, and restart the one that was wrong; else look at each server by itself, back up the stream from the one that has most (jetmedic backup), then let the others copy it anew',
	avoid: 'Purge or recover: what only one of the servers holds would be lost without anybody having seen it.',
	worse: ['purge', 'recover'],
	check(state, config, now) {
		if (!isClustered(state, config)) {
			return [];
		}
		const up = new Set(
			lookAtNodes(state, config, now)
				.filter(({status}) => status === 'up' || status === 'unhealthy')
				.map(({service}) => service),
		);
		return Object.values(state.nats.conflicts ?? {})
			.filter(({kind, at, since}) => kind !== 'route' && now - at < seenMs && now - since >= momentMs)
			.filter((conflict) => up.size > 1 && !isLag(conflict, state))
			.map((conflict) => ({
				id: `split-brain:${conflict.subject === undefined ? conflict.kind : `${conflict.kind}:${conflict.subject}`}`,
				severity: 'critical',
				title: titleOf(conflict),
				evidence: list(conflict.evidence, forAge(conflict.since, now)),
				advice:
					conflict.kind === 'cluster-name'
						? 'give all servers the same cluster name'
						: 'look at each server by itself',
				beganAt: conflict.since,
			}));
	},
};

function titleOf({kind, subject}: Conflict): string {
	const stream = nameOf(subject);
	switch (kind) {
		case 'meta-leader':
			return 'The servers disagree on their leader';
		case 'cluster-name':
			return 'The servers are in different clusters';
		case 'peers':
			return 'The servers disagree on how many they are';
		case 'stream-leader':
			return `The servers disagree on the leader of ${stream}`;
		default:
			return `The servers disagree on what ${stream} holds`;
	}
}

/** The stream's own name: the account goes before it. */
const nameOf = (subject = ''): string =>
	subject.includes(' > ') ? subject.slice(subject.indexOf(' > ') + 3) : subject;

/**
Whether a difference in what a stream holds is a replica that is behind: see replica-behind. Where nothing is known
of its replicas (a stream of another account) it is taken for that.
*/
function isLag({kind, subject}: Conflict, {streams}: DeploymentState): boolean {
	if (kind !== 'stream-sequence') {
		return false;
	}
	const stream = own(streams, nameOf(subject));
	const replicas = stream?.cluster?.replicas ?? [];
	return !stream?.present || replicas.length === 0 || replicas.some(isBehind);
}
