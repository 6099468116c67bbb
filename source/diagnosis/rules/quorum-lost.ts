import {majorityOf} from '../../config/nodes.ts';
import {plural} from '../../text/count.ts';
import type {Symptom} from '../finding.ts';
import {electionMs, isAble, isClustered, lookAtNodes, type NodeLook} from '../nodes.ts';
import type {Rule} from '../rule.ts';
import {forAge, list} from '../words.ts';

/**
The cluster has no majority of its servers, or no leader for longer than an election takes. Known at once by the
servers that are down; the survivors themselves notice it after 10 to 20 s only.
*/
export const rule: Rule = {
	id: 'quorum-lost',
	title: 'The cluster has lost its majority',
	severity: 'critical',
	section: 'If NATS Container Down',
	meaning:
		'Too few servers of the cluster work, or they have no leader. Nothing is stored, created, purged or listed until a majority is back; what is stored is not lost.',
	evidence: 'how many servers work of how many, which are away, or for how long there has been no leader',
	remedy: 'start the servers that are down (R starts them); where all run, mend the network between them',
	avoid:
		'Purge or recover: nobody can decide it, and a stream that is made anew takes the place of what the servers that are down still hold.',
	worse: ['purge', 'recover'],
	check(state, config, now) {
		if (!isClustered(state, config)) {
			return [];
		}
		const nodes = lookAtNodes(state, config, now);
		const found = byServers(nodes) ?? byLeader(nodes, now);
		return found ? [{id: 'quorum-lost', severity: 'critical', ...found}] : [];
	},
};

type Found = Omit<Symptom, 'id' | 'severity'>;

function byServers(nodes: NodeLook[]): Found | undefined {
	const able = nodes.filter(isAble);
	const away = nodes.filter((node) => !isAble(node));
	const wanted = majorityOf(nodes.length);
	// A group of more servers than the configuration names may have its majority elsewhere: then its leader tells.
	const isLarger = able.some(({view}) => (view?.meta?.size ?? 0) > nodes.length);
	if (able.length >= wanted || isLarger) {
		return undefined;
	}
	const sinces = away.map(({since}) => since).sort((a = 0, b = 0) => a - b);
	const booting = away.filter(({status}) => status === 'booting').length;
	return {
		title: 'The cluster has lost its majority',
		evidence: list(
			`${able.length} of ${plural(nodes.length, 'server')} ${able.length === 1 ? 'works' : 'work'}, ${wanted} are needed`,
			...away.map(
				({service, status}) => `${service} ${status === 'hung' ? 'does not answer' : `is ${status}`}`,
			),
		),
		beganAt: sinces[nodes.length - wanted],
		...(booting < away.length
			? remedyOf(away.filter(({status}) => status !== 'booting'))
			: {advice: 'wait, do not restart them'}),
	};
}

function byLeader(nodes: NodeLook[], now: number): Found | undefined {
	const views = nodes.filter(isAble).flatMap(({view}) => (view?.meta ? [view] : []));
	const isLeaderless =
		views.length > 0 &&
		views.every(({leaderlessSince}) => leaderlessSince !== undefined && now - leaderlessSince >= electionMs);
	if (!isLeaderless) {
		return undefined;
	}
	const since = Math.max(...views.map(({leaderlessSince = now}) => leaderlessSince));
	const missing = nodes.filter((node) => !isAble(node) && node.status !== 'booting');
	const away = missing.map(({service}) => service);
	return {
		title: 'The cluster has no leader',
		evidence: list(
			`no server knows one, ${forAge(since, now)}`,
			away.length > 0 && `away: ${away.join(', ')}`,
		),
		beganAt: since,
		...(away.length > 0 ? remedyOf(missing) : {advice: 'look at the network between the servers'}),
	};
}

/** R starts those of this deployment; the others are somebody else's. */
function remedyOf(away: readonly NodeLook[]): Pick<Symptom, 'runbook' | 'advice'> {
	const elsewhere = away.filter(({remote}) => remote).map(({service}) => service);
	return {
		...(elsewhere.length < away.length && {runbook: 'restart'}),
		...(elsewhere.length > 0 && {advice: `start ${elsewhere.join(', ')}`}),
	};
}
