import type {Environment} from './folders.ts';
import {isSection, type Values, valueAt, withValueAt} from './values.ts';

/** The values in which `${NAME}` stands for an environment variable. */
export const substituted = [
	['nats', 'url'],
	['nats', 'user'],
	['nats', 'password'],
	['nats', 'token'],
	['docker', 'host'],
	['escalation', 'webhook', 'url'],
] as const;

/** The same, with the headers that a file names. */
function substitutedIn(values: Values): (readonly string[])[] {
	const headers = valueAt(values, ['escalation', 'webhook', 'headers']);
	const names = isSection(headers) ? Object.keys(headers) : [];
	return [...substituted, ...names.map((name) => ['escalation', 'webhook', 'headers', name])];
}

export type Substitution = {
	values: Values;
	problems: {path: readonly string[]; text: string}[];
};

/**
The values with `${NAME}` replaced from the environment, where that is understood; `$${` gives `${`. A
variable that is unset or empty is a problem, because a password that is silently empty looks like a server
that refuses. No value of a variable is ever in a problem.
*/
export function substitute(values: Values, env: Environment): Substitution {
	const problems: Substitution['problems'] = [];
	let result = values;
	for (const path of substitutedIn(values)) {
		const raw = valueAt(values, path);
		if (typeof raw !== 'string' || !raw.includes('${')) {
			continue;
		}
		const text = raw.replace(/\$\$\{|\$\{([^}]*)\}?/g, (whole, name: string | undefined) => {
			if (name === undefined) {
				return '${';
			}
			if (!/^[A-Za-z_]\w*$/.test(name) || !whole.endsWith('}')) {
				problems.push({
					path,
					text: `expected \${NAME} with the name of an environment variable (write $\${ for a plain \${)`,
				});
				return '';
			}
			const value = env[name];
			if (!value) {
				const state = value === undefined ? 'not set' : 'empty';
				problems.push({path, text: `the environment variable ${name} is ${state}`});
			}
			return value ?? '';
		});
		result = withValueAt(result, path, text);
	}
	return {values: result, problems};
}
