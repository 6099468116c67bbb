import type {Node} from '../../config/nodes.ts';
import type {RunContext} from '../context.ts';
import {answerMs, type Check} from './check.ts';

/** A server of the cluster is well by its own word, and knows the leader. Where it has no port its container's check must do. */
export const nodeCheck = ({service, monitor}: Node, {deployment, signal}: RunContext): Check => ({
	name: `${service} is in the cluster`,
	otherwise: `Read the log of ${service}; where it is down, run restart (R). While it is booting, wait.`,
	async test() {
		if (monitor === undefined) {
			return {ok: true, evidence: 'no monitoring port is configured'};
		}
		const {status, error} = await deployment.server.healthz(monitor, signal, answerMs);
		if (status !== 'ok') {
			return {ok: false, evidence: `${status}: ${error}`};
		}
		const {meta, version} = await deployment.server.node(monitor, signal, answerMs);
		if (meta === undefined) {
			return {ok: false, evidence: 'JetStream is off in it, or it is in no cluster'};
		}
		return meta.leader === undefined
			? {ok: false, evidence: 'it knows no leader'}
			: {ok: true, evidence: `healthz ok, ${version}, led by ${meta.leader}, ${meta.size} servers`};
	},
});
