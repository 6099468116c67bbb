import {engineIsAbsent, engineIsDown, engineRefuses, sourceOf} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {forAge, list} from '../words.ts';

/**
The Docker engine does not answer: nothing is known of the containers, and no runbook can act. That it is down is known only
if nothing is at its address. If it is slow, or turns this user away, messages may well flow, and the incident's clock must
not start.
*/
export const rule: Rule = {
	id: 'engine-unreachable',
	title: 'The Docker engine is unreachable',
	severity: 'critical',
	section: 'Immediate Actions',
	meaning:
		'The Docker engine does not answer, or refuses this user. What is known of the containers is as it was then, and no runbook can act. It is critical only if nothing is at its address; an engine that is slow is unknown.',
	evidence: "the engine's address, the error, and for how long",
	remedy:
		'start the engine if nothing is at its address; look at the load of its host if it is slow; join the docker group, or run as root, if it refuses',
	avoid:
		'Take the containers for stopped: with a killed engine they live on, and only their published ports refuse.',
	check(state, _config, now) {
		const source = sourceOf(state, 'docker');
		if (!source || !engineIsDown(state)) {
			return [];
		}
		const refuses = engineRefuses(state);
		return [
			{
				id: 'engine-unreachable',
				// Silence is no word of it: an engine that is slow, or a busy host, is silent too.
				severity: engineIsAbsent(state) ? 'critical' : 'unknown',
				title: refuses ? 'Docker refuses this user' : 'The Docker engine is unreachable',
				evidence: list(`containers unknown ${forAge(source.since, now)}`.trim(), source.error),
				advice: refuses
					? 'join the docker group, or run as root'
					: engineIsAbsent(state)
						? 'start the Docker engine'
						: 'look at the load of its host, and at its log',
				beganAt: source.since,
			},
		];
	},
};
