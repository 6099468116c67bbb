import {nodeServices} from '../../config/nodes.ts';
import type {Config} from '../../config/schema.ts';
import {serviceRunbookId} from '../../config/service-runbook.ts';
import {isBlind} from '../../state/reading.ts';
import {own} from '../../state/record.ts';
import {isUnfinished} from '../../state/run.ts';
import {adviceForForeign} from '../../state/server-identity.ts';
import {isDoneJob, replicasOf} from '../../state/service.ts';
import type {DeploymentState, ServiceState} from '../../state/types.ts';
import type {Symptom} from '../finding.ts';
import {
	engineIsDown,
	isStoppedByRun,
	lastLogLine,
	missingServices,
	namedServices,
	natsAnswers,
	wasNeverSeen,
	wasStopped,
} from '../questions.ts';
import type {Rule} from '../rule.ts';
import {ago, containerEvidence, containerSince, list} from '../words.ts';

/** A container that does not run, of any service but the servers': those are told of by nats-down and node-down. */
export const rule: Rule = {
	id: 'container-down',
	title: 'A container is down',
	severity: 'critical',
	section: 'Immediate Actions',
	meaning:
		'A service has no running container: it exited, was stopped, paused or removed. A completed job is not down. NATS servers have findings of their own: nats-down and node-down.',
	evidence: "the exit code and when, the last line of its log, or the container's state",
	remedy:
		'restart it (S): that starts, unpauses or makes its container, whatever it needs. Start a service that never had a container by hand',
	check(state, config, now) {
		const stopped = Object.values(state.services)
			.filter(
				({status, reading}) =>
					status !== 'running' &&
					status !== 'missing' &&
					// One that cannot be read now may run again; of all of them the engine itself is the reason.
					(!isBlind(reading) || engineIsDown(state)),
			)
			.map((service) => service.service);
		return [...stopped, ...missingServices(state, config)].flatMap((name) => {
			const service = own(state.services, name);
			if (name === config.nats.service) {
				return serverElsewhere(state, config);
			}
			return nodeServices(config).includes(name) || isDone(service, state, config)
				? []
				: downSymptom({name, service, state, config, now});
		});
	},
};

type Subject = {
	name: string;
	service: ServiceState | undefined;
	state: DeploymentState;
	config: Config;
	now: number;
};

function downSymptom({name, service, state, config, now}: Subject): Symptom {
	const id = `container-down:${name}`;
	if (isStoppedByRun(state, name)) {
		return {
			id,
			severity: 'warning',
			title: `${name} is stopped`,
			evidence: `by the ${state.run?.title} that goes on`,
		};
	}
	const {run} = state;
	const isLeft = run !== undefined && isUnfinished(run) && wasStopped(run, name, state.services);
	const evidence = isLeft
		? `stopped by the ${run.title} that ${run.result === undefined ? 'was killed' : `ended ${run.result}`} ${ago(run.at, now)}`
		: list(containerEvidence(service, now), endedLine(state, service));
	// A task that has done its work exits with 0 and is meant to stay so, and what was not seen here
	// may be a dependency that is not required, or a service that was taken down meanwhile; what the configuration names is neither.
	const wasNotSeenHere = service === undefined || (service.status === 'missing' && service.image === '');
	const mayBeMeant = wasNotSeenHere || (service.status === 'exited' && service.exitCode === 0);
	const isMeant = (mayBeMeant && !namedServices(config).includes(name)) || isSpare(service, state);
	return {
		id,
		severity: isMeant ? 'warning' : 'critical',
		title: `${name} is ${verb(service)}`,
		evidence,
		...(wasNeverSeen(state, name)
			? {advice: `start it with docker compose up -d ${name}, if it should run`}
			: remedy(name, service)),
		beganAt: containerSince(service),
	};
}

/** A replica that is gone while another one of its service runs: a service may be scaled down. */
const isSpare = (service: ServiceState | undefined, {services}: DeploymentState): boolean =>
	service?.status === 'missing' &&
	replicasOf(service.composeService ?? service.service, Object.values(services)).some(
		({status}) => status === 'running',
	);

/** A job that has done its work, where nobody says that it is more than a job. */
const isDone = (
	service: ServiceState | undefined,
	{run, services}: DeploymentState,
	config: Config,
): boolean =>
	service !== undefined &&
	isDoneJob(service) &&
	![...namedServices(config), ...Object.values(config.consumers ?? {})].includes(service.service) &&
	!(run && wasStopped(run, service.service, services));

/** What it said last, where it ended by itself: one that was stopped says good bye. */
const endedLine = (state: DeploymentState, service: ServiceState | undefined): string | undefined =>
	service !== undefined && service.exitCode !== 0 && ['exited', 'restarting', 'dead'].includes(service.status)
		? lastLogLine(state, service.service)
		: undefined;

function verb(service: ServiceState | undefined): string {
	switch (service?.status) {
		case 'paused':
			return 'paused';
		case 'restarting':
			return 'restarting';
		case undefined:
		case 'missing':
			return 'missing';
		default:
			return 'down';
	}
}

/** A task that has done its work may be meant to stay so, and one that restarts by itself may need another look. */
function remedy(name: string, service: ServiceState | undefined): Pick<Symptom, 'runbook' | 'advice'> {
	return service?.status === 'restarting'
		? {advice: `read the log of ${name}`}
		: {runbook: serviceRunbookId(name)};
}

/** The server answers, but not from a container of this project: the configuration names another service. */
function serverElsewhere(state: DeploymentState, config: Config): Symptom[] {
	const name = config.nats.service;
	if ((own(state.services, name)?.status ?? 'missing') !== 'missing' || !natsAnswers(state)) {
		return [];
	}
	const {identity, server} = state.nats;
	const answer = identity?.answers.find(({port, serverId}) => port === 'url' && serverId === server?.id);
	// Of a server that is another one server-impostor tells, with what to do: here that would be said twice, and differently.
	return answer?.is === 'other'
		? []
		: [
				{
					id: `container-down:${name}`,
					severity: 'warning',
					title: `${name} has no container`,
					evidence: `NATS answers, and the project ${config.docker.project} has no container of ${name}`,
					advice: answer?.advice ?? adviceForForeign,
				},
			];
}
