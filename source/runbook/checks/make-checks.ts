import {isCluster, nodesOf} from '../../config/nodes.ts';
import type {RunContext} from '../context.ts';
import {accountedCheck} from './accounted.ts';
import {asSavedCheck} from './as-saved.ts';
import type {Check} from './check.ts';
import {consumerCheck} from './consumer.ts';
import {containersCheck} from './containers.ts';
import {healthCheck, metricsCheck} from './endpoints.ts';
import {healthzCheck} from './healthz.ts';
import {identityCheck} from './identity.ts';
import {purgeCheck} from './kept.ts';
import {nodeCheck} from './node.ts';
import {replicasCheck} from './replicas.ts';
import {type Shared, sharedConnection} from './shared-nats.ts';
import {streamCheck} from './stream.ts';

function recreatedChecks(context: RunContext, nats: Shared): Check[] {
	const {recreated, saved} = context.memory;
	return recreated && saved ? [asSavedCheck(context, nats, saved)] : [];
}

/** The verification of the runbook for this deployment: its last chapter, a named check a line. */
export function makeChecks(context: RunContext): Check[] {
	const {config, memory} = context;
	const nats = sharedConnection(context);
	return [
		containersCheck(context),
		identityCheck(context, nats),
		...(isCluster(config)
			? [...nodesOf(config).map((node) => nodeCheck(node, context)), replicasCheck(context, nats)]
			: config.nats.monitor === undefined
				? []
				: [healthzCheck(config.nats.monitor, context)]),
		streamCheck(context, nats),
		...(memory.streamAtStart ? [accountedCheck(context, nats, memory.streamAtStart)] : []),
		consumerCheck(context, nats),
		...recreatedChecks(context, nats),
		...(memory.purge ? [purgeCheck(context, nats, memory.purge)] : []),
		...config.health.map((endpoint) => healthCheck(endpoint, context)),
		...config.metrics.map((endpoint) => metricsCheck(endpoint, context)),
	];
}
