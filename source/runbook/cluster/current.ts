import {withJetStream} from '../../deployment/deployment.ts';
import {toClusterFacts} from '../../deployment/jetstream.ts';
import {isBehind} from '../../state/cluster.ts';
import type {RunContext} from '../context.ts';
import {lookAtNodes, type NodeNow} from './look.ts';

// The server takes 4 s to list what is left where something does not answer (docs/facts.md).
const listMs = 6000;

/**
Why these servers are not yet as the others are: their own word, the leader that they know, and the replicas of
the streams that they keep. Undefined where they are.

@param services - Those that are waited for; the others need not even run.
*/
export async function notCurrent(
	context: RunContext,
	services: readonly string[],
): Promise<string | undefined> {
	const nodes = await lookAtNodes(context);
	const wanted = nodes.filter(({service}) => services.includes(service));
	const late = wanted.find(({condition}) => condition !== 'well');
	if (late) {
		return `${late.service}: ${late.why}`;
	}
	const leaderless = wanted.find(({meta}) => meta !== undefined && meta.leader === undefined);
	if (leaderless) {
		return `${leaderless.service} knows no leader`;
	}
	try {
		return await behindIn(context, wanted, nodes);
	} catch (error) {
		return (error as Error).message;
	}
}

async function behindIn(
	context: RunContext,
	wanted: readonly NodeNow[],
	nodes: readonly NodeNow[],
): Promise<string | undefined> {
	const {streams, missing} = await withJetStream(context.deployment, (jetstream) =>
		jetstream.streams(listMs),
	);
	// Of a stream whose only server is away there is nothing to wait for.
	if (missing.length > 0 && nodes.every(({condition}) => condition === 'well')) {
		return `nobody answers for ${missing[0]}`;
	}
	for (const {config, cluster} of streams) {
		const {leader, replicas} = cluster ? toClusterFacts(cluster) : {leader: '', replicas: []};
		if (leader === undefined) {
			return `${config.name} has no leader`;
		}
		const behind = replicas.find(
			(replica) => isBehind(replica) && wanted.some(({name}) => name === replica.name),
		);
		if (behind) {
			return `${behind.name} has not all of ${config.name}`;
		}
	}
	return undefined;
}
