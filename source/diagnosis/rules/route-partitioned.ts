import type {Conflict} from '../../state/cluster.ts';
import type {Symptom} from '../finding.ts';
import {isClustered, lookAtNodes} from '../nodes.ts';
import type {Rule} from '../rule.ts';
import {forAge, list} from '../words.ts';

/** Two more looks than the first: a route that was lost is dialled again within a second or two. */
const heldMs = 5000;
const seenMs = 10_000;

/** Two servers that work have no route to each other: what should be one cluster is cut. */
export const rule: Rule = {
	id: 'route-partitioned',
	title: 'Servers of the cluster have no route to each other',
	severity: 'critical',
	section: 'If NATS Container Down',
	meaning:
		'A server works and has no route to another one that works. Messages, votes and copies do not pass between the two. Critical where a server has a route to none of the others: whoever is connected to it is cut off.',
	evidence: 'which route is missing, for how long',
	remedy: 'mend the network between the two containers, or the routes in the configuration of the server',
	avoid: 'Restart the other servers: they are those that go on.',
	check(state, config, now) {
		if (!isClustered(state, config)) {
			return [];
		}
		const up = lookAtNodes(state, config, now)
			.filter(({status}) => status === 'up' || status === 'unhealthy')
			.map(({service}) => service);
		const missing = Object.values(state.nats.conflicts ?? {}).filter(
			({kind, at, since, subject}) =>
				kind === 'route' &&
				now - at < seenMs &&
				now - since >= heldMs &&
				ends(subject).every((service) => up.includes(service)),
		);
		const cutOff = up.filter(
			(service) => missing.filter(({subject}) => ends(subject).includes(service)).length === up.length - 1,
		);
		// With two servers each is cut off from the other: that is one fault.
		const alone = up.length > 2 ? cutOff : [];
		return [
			...alone.map((service) => cutOffSymptom(service, missing, now)),
			...missing
				.filter(({subject}) => !ends(subject).some((service) => alone.includes(service)))
				.map((conflict) => pairSymptom(conflict, cutOff.length > 0 ? 'critical' : 'warning', now)),
		];
	},
};

const ends = (subject = ''): string[] => subject.split('|');

function cutOffSymptom(service: string, missing: Conflict[], now: number): Symptom {
	const own = missing.filter(({subject}) => ends(subject).includes(service));
	const since = Math.max(...own.map((conflict) => conflict.since));
	return {
		id: `route-partitioned:${service}`,
		severity: 'critical',
		title: `${service} is cut off from the other servers`,
		evidence: list('it has a route to none of them', forAge(since, now)),
		advice: `look at the network of ${service}`,
		beganAt: since,
	};
}

function pairSymptom(
	{subject, evidence, since}: Conflict,
	severity: Symptom['severity'],
	now: number,
): Symptom {
	const [a = '', b = ''] = ends(subject);
	return {
		id: `route-partitioned:${a}|${b}`,
		severity,
		title: `${a} and ${b} have no route to each other`,
		evidence: list(evidence, forAge(since, now)),
		advice: `look at the network between ${a} and ${b}`,
		beganAt: since,
	};
}
