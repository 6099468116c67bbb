import {engineIsDown, engineRefuses, noAnswer, sourceOf} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {forAge, list} from '../words.ts';

/**
The Docker engine does not answer: nothing is known of the containers, and no runbook can act. Where it is
only this user that it turns away, messages may well flow, and the incident's clock must not start.
*/
export const rule: Rule = {
	id: 'engine-unreachable',
	title: 'The Docker engine is unreachable',
	severity: 'critical',
	section: 'Immediate Actions',
	meaning:
		'The Docker engine does not answer, or refuses this user. What is known of the containers is as it was then, and no runbook can act.',
	evidence: "the engine's address, the error, and for how long",
	remedy:
		'start the engine, or restart one that hangs; join the docker group, or run as root, where it refuses',
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
				// One look may be too short for an engine that is only slow.
				severity: refuses || source.error === noAnswer ? 'unknown' : 'critical',
				title: refuses ? 'Docker refuses this user' : 'The Docker engine is unreachable',
				evidence: list(`containers unknown ${forAge(source.since, now)}`.trim(), source.error),
				advice: refuses
					? 'join the docker group, or run as root'
					: `${/no answer/.test(source.error ?? '') ? 'restart' : 'start'} the Docker engine`,
				beganAt: source.since,
			},
		];
	},
};
