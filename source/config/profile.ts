import {titan} from './titan.ts';
import {isSection, type Values, valueAt} from './values.ts';

export type Profile = {
	/** What counts where a file is silent. */
	base: Values;
	/** Whether the base is the built-in profile, which is whole; else the file must name what is particular. */
	builtIn: boolean;
};

/**
What counts where a file is silent.

- The titan profile, where the file names no deployment (so a file may hold only a threshold), or where
  `deployment` or `docker.project` is `titan`.
- Else what holds for any deployment: the thresholds, the log signatures, no endpoints, no logs, a NATS server
  on this machine, and a Compose project of the deployment's name. `stream`, `consumer` and `nats.service` are
  particular to a deployment and left out here, so that the schema demands them: a guess would be purged.
*/
export function profileFor(values: Values): Profile {
	const {deployment} = values;
	// What is no name at all is one mistake, and not a file that leaves everything out.
	if (typeof deployment !== 'string' || deployment === titan.deployment) {
		return {base: titan, builtIn: true};
	}
	if (isSection(values['docker']) && valueAt(values, ['docker', 'project']) === titan.docker.project) {
		return {base: titan, builtIn: true};
	}
	return {
		builtIn: false,
		base: {
			production: false,
			readOnly: false,
			docker: {project: deployment},
			nats: {url: 'nats://127.0.0.1:4222'},
			keep: titan.keep,
			health: [],
			metrics: [],
			logs: {...titan.logs, services: []},
			thresholds: titan.thresholds,
			escalation: titan.escalation,
			runbooks: [],
		},
	};
}
