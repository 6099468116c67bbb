import {isCluster, nodesOf} from '../config/nodes.ts';
import {type NodeState, remoteOf} from '../state/cluster.ts';
import {own} from '../state/record.ts';
import type {Context} from './model.ts';
import type {Tone} from './widgets.ts';

/** What the id of a server's row begins with. */
export const nodePrefix = 'node:';

/** A server of the cluster as a row of the health pane. */
export type NodeRow = {
	id: string;
	name: string;
	tone: Tone;
	words: string;
	at: number;
	since: number;
	elapsedMs: number;
};

const tones = {ok: 'ok', booting: 'warn', unavailable: 'bad', unreachable: 'bad'} as const;

/**
The servers of a cluster that were asked, in the order of the configuration, then those that the system account knows: how
each is, its version, and who leads.
*/
export function nodeRows({snapshot, config}: Pick<Context, 'snapshot' | 'config'>): NodeRow[] {
	const nodes = snapshot.state.nats.nodes ?? {};
	const named = isCluster(config) ? nodesOf(config) : [];
	return [...named, ...remoteOf(nodes)].flatMap(({service}) => {
		const node = own(nodes, service);
		return node === undefined
			? []
			: [
					{
						id: `${nodePrefix}${service}`,
						name: service,
						tone: tones[node.status],
						words: wordsOf(node),
						at: node.at,
						since: node.since,
						elapsedMs: node.elapsedMs,
					},
				];
	});
}

function wordsOf({status, error, view}: NodeState): string {
	if (status !== 'ok') {
		return error ? `${status}: ${error}` : status;
	}
	const leads = view?.meta?.leader !== undefined && view.meta.leader === view.serverName;
	return `${leads ? 'leader' : 'ok'} ${view?.version ?? ''}`.trim();
}
