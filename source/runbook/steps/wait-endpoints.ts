import {shellLine} from '../../text/shell-quote.ts';
import type {RunContext} from '../context.ts';
import {deadlines, type Step} from '../step.ts';
import {waitUntil} from '../wait.ts';

/** Waits until every health endpoint says that its service has reconnected. Runbook: `sleep 15`. */
export const waitEndpointsStep = (deadlineMs: number = deadlines.services): Step => ({
	id: 'wait-endpoints',
	title: () => 'wait for the services',
	describe: ({config}) =>
		`until ${config.health.map(({name}) => name).join(', ') || 'no endpoint'} reconnected, at most ${deadlineMs / 1000} s`,
	command: ({config}) => config.health.map(({url}) => shellLine('curl', '-s', url)).join('; '),
	async run(context, {config}) {
		if (config.health.length === 0) {
			return {skipped: 'no health endpoint is configured'};
		}
		await waitUntil('The services have not reconnected', () => whoIsMissing(context), {
			clock: context.deployment.clock,
			deadlineMs,
			signal: context.signal,
			onWaiting: (reason) => context.progress(reason),
		});
		return `${config.health.map(({name}) => name).join(', ')} reconnected`;
	},
});

async function whoIsMissing({config, deployment, signal}: RunContext): Promise<string | undefined> {
	const answers = await Promise.all(
		config.health.map(async (endpoint) => ({
			name: endpoint.name,
			answer: await deployment.endpoints.health(endpoint, signal),
		})),
	);
	const missing = answers.filter(({answer}) => answer.status !== 'healthy');
	return missing.length === 0
		? undefined
		: missing.map(({name, answer}) => `${name}: ${answer.detail}`).join(', ');
}
