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
		'The Docker engine does not answer, or refuses this user. The container states on the screen are old, and no runbook can act. The finding is critical only if nothing listens at the address; a slow engine is unknown.',
	evidence: "the engine's address, the error, and for how long",
	remedy:
		'if nothing listens at its address, start the engine; if it is slow, check the load of its host; if it refuses, join the docker group or run as root',
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
						: 'check the load of its host, and its log',
				beganAt: source.since,
			},
		];
	},
};
