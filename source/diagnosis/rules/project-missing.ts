import {natsAnswers} from '../questions.ts';
import type {Rule} from '../rule.ts';

/** The project has no container at all: it was taken down, or the configuration names another one. */
export const rule: Rule = {
	id: 'project-missing',
	title: 'The project has no containers',
	severity: 'critical',
	section: 'Immediate Actions',
	meaning:
		"No container carries the project's Compose label: it was taken down, or the configuration names another project.",
	evidence: 'whether NATS answers all the same',
	remedy: '`docker compose up -d`, or correct docker.project',
	check(state, config) {
		const isEmpty = Object.values(state.services).every((service) => service.status === 'missing');
		if (state.containersAt === undefined || !isEmpty) {
			return [];
		}
		const answers = natsAnswers(state);
		return [
			{
				id: 'project-missing',
				// A server that answers is none of this project's: then it is the configuration that is wrong.
				severity: answers ? 'unknown' : 'critical',
				title: `Project ${config.docker.project} has no containers`,
				evidence: answers
					? `NATS answers at ${state.nats.connection.url}`
					: 'none was found by its Compose label',
				advice: answers ? 'correct docker.project in the configuration' : 'docker compose up -d',
			},
		];
	},
};
