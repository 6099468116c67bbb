import {majorityOf} from '../../config/nodes.ts';
import type {CheckResult} from '../../state/run.ts';
import {plural} from '../../text/count.ts';
import type {Needs} from '../needs.ts';
import {conditionsOf, isBroken, isWorking, leaderOf, type NodeNow} from './look.ts';

type Changes = Pick<Needs, 'purge' | 'recreates' | 'recreatesConsumer' | 'restartsFirst'>;

const restartThen = 'Run restart (R), which starts what is down, then this.';

/**
Whether a cluster can be worked with now: a purge needs a majority and a leader, and a restart must not cost the
majority. Pure.

@param restarts - The servers that the steps restart.
*/
export function judgeCluster(
	nodes: readonly NodeNow[],
	needs: Changes,
	restarts: readonly string[],
): CheckResult {
	const name = 'cluster';
	const refusal = refuseRestart(nodes, restarts) ?? refuseChange(nodes, needs);
	if (refusal !== undefined) {
		return {name, ok: false, evidence: refusal};
	}
	const leader = leaderOf(nodes);
	const service = nodes.find((node) => node.name === leader)?.service ?? leader;
	const first = nodes.filter((node) => isBroken(node) && restarts.includes(node.service));
	return {
		name,
		ok: true,
		evidence: [
			...(first.length > 0 ? [`${conditionsOf(first)}: started first, what is well is then left alone`] : []),
			`${nodes.filter(isWorking).length} of ${plural(nodes.length, 'server')} work`,
			...(service === undefined ? [] : [`${service} leads`]),
		].join(', '),
	};
}

function refuseChange(
	nodes: readonly NodeNow[],
	{purge, recreates, recreatesConsumer, restartsFirst}: Changes,
): string | undefined {
	// Servers that are restarted first need not work now.
	if ((purge === undefined && !recreates && !recreatesConsumer) || restartsFirst) {
		return undefined;
	}
	const away = nodes.filter((node) => !isWorking(node));
	const working = nodes.length - away.length;
	if (working < majorityOf(nodes.length)) {
		const isBooting = away.every(({condition}) => condition === 'booting');
		return `The cluster has no majority, so nothing can be purged or created: ${conditionsOf(away)}, ${working} of ${nodes.length} work. ${isBooting ? 'Wait until they are ready; do not restart them.' : restartThen}`;
	}
	return leaderOf(nodes) === undefined
		? 'The cluster has no leader, so nothing can be purged or created. An election takes up to 9 s; if there is none after it, look at the network between the servers.'
		: undefined;
}

function refuseRestart(nodes: readonly NodeNow[], restarts: readonly string[]): string | undefined {
	const wanted = nodes.filter(({service}) => restarts.includes(service));
	// What is down is started; what is booting is waited for: that costs nobody the majority.
	if (wanted.length === 0 || wanted.some((node) => isBroken(node) || node.condition === 'booting')) {
		return undefined;
	}
	const away = nodes.filter((node) => !isWorking(node));
	if (away.length > 0 && nodes.length - away.length - 1 < majorityOf(nodes.length)) {
		const names = away.map(({service}) => service).join(' and ');
		return `${conditionsOf(away)}: a restart of ${wanted.map(({service}) => service).join(', ')} would cost the cluster its majority. Start ${names} first.`;
	}
	return leaderOf(nodes) === undefined && nodes.some(({meta}) => meta !== undefined)
		? 'The cluster has no leader although its servers run: restarts cannot mend that. An election takes up to 9 s; if there is no leader after it, look at the network between the servers.'
		: undefined;
}
