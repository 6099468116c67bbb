import {nodeServices, nodesOf} from '../../config/nodes.ts';
import type {CheckResult} from '../../state/run.ts';
import {sanitize} from '../../text/sanitize.ts';
import {judgeCluster} from '../cluster/judge.ts';
import {isWorking, lookAtNodes, type NodeNow} from '../cluster/look.ts';
import type {ReadContext} from '../context.ts';
import type {Needs} from '../needs.ts';
import {type PlanFacts, servicesOf} from '../step.ts';
import {measureStore} from './measure.ts';
import {judgeStore} from './store.ts';

/** Whether the servers of a cluster can be worked with, and have room in their stores. Never throws. */
export async function checkCluster(
	context: ReadContext,
	needs: Needs,
	facts: PlanFacts,
): Promise<CheckResult[]> {
	const restarts = needs.restarts.flatMap((named) => servicesOf(named, facts));
	let nodes: NodeNow[];
	try {
		nodes = await lookAtNodes(context);
	} catch (error) {
		return [{name: 'cluster', ok: false, evidence: sanitize((error as Error).message, 200)}];
	}
	const servers = nodeServices(context.config);
	const cluster = judgeCluster(
		nodes,
		needs,
		servers.filter((service) => restarts.includes(service)),
	);
	const rooms = await Promise.all(nodes.filter(isWorking).map((node) => checkRoom(node, context, needs)));
	return [...(isTouched(needs, servers, restarts) ? [cluster] : []), ...rooms.flat()];
}

const isTouched = (
	{purge, recreates, recreatesConsumer}: Needs,
	servers: string[],
	restarts: string[],
): boolean =>
	purge !== undefined ||
	recreates ||
	recreatesConsumer ||
	servers.some((service) => restarts.includes(service));

/** The store of one server, as that of one that is alone is judged. */
async function checkRoom(
	{service, container, condition, why}: NodeNow,
	context: ReadContext,
	needs: Needs,
): Promise<CheckResult[]> {
	const {config} = context;
	const monitor = nodesOf(config).find((node) => node.service === service)?.monitor;
	const alone = {...context, config: {...config, nats: {...config.nats, service, monitor}}};
	const measured = await measureStore(alone, container);
	const healthError = condition === 'unhealthy' ? why : undefined;
	return judgeStore({...measured, healthError}, needs).map((check) => ({
		...check,
		name: `store of ${service}`,
		evidence: check.ok ? check.evidence : `${service}: ${check.evidence}`,
	}));
}
