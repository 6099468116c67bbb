import {nodesOf} from '../../config/nodes.ts';
import {own} from '../../state/record.ts';
import {formatCount} from '../../text/count.ts';
import {formatElapsed} from '../../text/duration.ts';
import type {Model} from '../model.ts';
import type {Fact} from './fact.ts';
import {ago} from './facts.ts';

/** What is known of a server of the cluster. */
export function nodeFacts(
	service: string,
	{snapshot, config}: Pick<Model, 'snapshot' | 'config'>,
): Fact[] | undefined {
	const {state, now} = snapshot;
	const node = own(state.nats.nodes ?? {}, service);
	if (!node) {
		return undefined;
	}
	const {view} = node;
	const meta = view?.meta;
	return [
		[
			node.remote ? 'server' : 'service',
			node.remote ? `${service}, known through the system account` : service,
		],
		['healthz', `${node.status}${node.error ? `: ${node.error}` : ''}`],
		['since', ago(node.since, now)],
		['answered in', formatElapsed(node.elapsedMs)],
		['monitor', nodesOf(config).find((one) => one.service === service)?.monitor],
		[
			node.remote ? 'version' : 'server',
			view && (node.remote ? view.version : `${view.serverName} ${view.version}`),
		],
		['up since', node.status === 'unreachable' ? undefined : ago(view?.startedAt, now)],
		['cluster', view && (view.clusterName || 'none')],
		['routes to', view && (view.routes.join(', ') || 'none')],
		['leader', view && (meta ? (meta.leader ?? 'none that it knows') : 'JetStream is off or alone')],
		['servers', meta && formatCount(meta.size)],
		['decisions pending', meta && formatCount(meta.pending)],
		['streams kept', view && formatCount(Object.keys(view.streams).length)],
		['said', ago(view?.at, now)],
		['seen', ago(node.at, now)],
	];
}
