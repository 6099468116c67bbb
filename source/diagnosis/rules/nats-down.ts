import {isCluster} from '../../config/nodes.ts';
import type {Config} from '../../config/schema.ts';
import {isBlind} from '../../state/reading.ts';
import {own} from '../../state/record.ts';
import type {DeploymentState} from '../../state/types.ts';
import type {Symptom} from '../finding.ts';
import {engineIsDown, lastLogLine, missingServices, natsAnswers} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {containerEvidence, containerSince, list} from '../words.ts';

/** The engine says that the server's container does not run. What the console alone cannot reach is nats-unreached. */
export const rule: Rule = {
	id: 'nats-down',
	title: 'NATS is down',
	severity: 'critical',
	section: 'If NATS Container Down',
	meaning:
		"The Docker engine reports that the server's container does not run: it exited, is paused, or was removed.",
	evidence: "the container's state or exit code, and the last line of its log",
	remedy: 'restart (R); unpause it where somebody paused it',
	avoid: 'Purge: nobody answers, and a purge that is sent to a frozen server runs when it thaws.',
	worse: ['purge'],
	check(state, config, now) {
		// One server of a cluster is not NATS: see node-down and quorum-lost.
		const found = isCluster(config) ? undefined : byContainer(state, config, now);
		return found === undefined
			? []
			: [{id: 'nats-down', severity: 'critical', ...found, runbook: 'restart' as const}];
	},
};

type Found = Pick<Symptom, 'title' | 'evidence' | 'advice' | 'beganAt'>;

/** Whether the engine itself says that the server does not run. */
export const isDownByContainer = (state: DeploymentState, config: Config): boolean =>
	byContainer(state, config, state.at) !== undefined;

function byContainer(state: DeploymentState, config: Config, now: number): Found | undefined {
	const name = config.nats.service;
	const service = own(state.services, name);
	// One that cannot be read now may run again.
	if (engineIsDown(state) || service?.status === 'running' || isBlind(service?.reading)) {
		return undefined;
	}
	if (!service || service.status === 'missing') {
		// A server that answers is not in this project: see container-down.
		return missingServices(state, config).includes(name) && !natsAnswers(state)
			? {title: `${name} is down`, evidence: containerEvidence(service, now), beganAt: service?.statusSince}
			: undefined;
	}
	const said = ['exited', 'restarting'].includes(service.status) && service.exitCode !== 0;
	const evidence = list(containerEvidence(service, now), said && lastLogLine(state, name));
	return service.status === 'paused'
		? {title: `${name} is paused`, evidence, advice: 'or unpause it', beganAt: service.statusSince}
		: {title: `${name} is down`, evidence, beganAt: containerSince(service)};
}
