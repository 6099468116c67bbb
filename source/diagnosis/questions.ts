import {nodeServices} from '../config/nodes.ts';
import type {Config} from '../config/schema.ts';
import {own} from '../state/record.ts';
import {containerReading} from '../state/reduce-readings.ts';
import type {RunState} from '../state/run.ts';
import {composeServiceName} from '../state/service.ts';
import type {ConsumerState, DeploymentState, Named, SourceState, StreamState} from '../state/types.ts';

/** How long a source may take to say its first word, or be down, before what it tells counts as unknown. */
export const graceMs = 3000;

/** What a look says of a source that had not answered when it was over: no grace would change that. */
export const noAnswer = 'no answer in time';

/** How long something that happened, and that nothing undoes, is told of. */
export const newsMs = 10 * 60_000;

/** How old a poll's last figure may be: many times the slowest poll's period, also on a loaded host. */
export const staleMs = 30_000;

/** A source, where it is known. */
export const sourceOf = (state: DeploymentState, name: string): SourceState | undefined =>
	own(state.sources, name);

/** Whether the Docker engine is known to be gone: what is known of containers is as it was then. */
export const engineIsDown = (state: DeploymentState): boolean => sourceOf(state, 'docker')?.status === 'down';

/** Whether it is this user that the engine turns away: then nothing is wrong with the engine. */
export const engineRefuses = (state: DeploymentState): boolean =>
	engineIsDown(state) &&
	(sourceOf(state, 'docker')?.reason === 'denied' ||
		/permission|denied|EACCES/i.test(sourceOf(state, 'docker')?.error ?? ''));

/** Whether nothing is at the engine's own address. One that is silent may be slow, and its host busy. */
export const engineIsAbsent = (state: DeploymentState): boolean =>
	engineIsDown(state) && sourceOf(state, 'docker')?.reason === 'absent';

/** What the server itself said of a stream, or a consumer, by its name since it was connected to. */
export function saidOf(
	{named, nats}: DeploymentState,
	stream: string,
	consumer?: string,
): Named['answer'] | undefined {
	const said = own(named ?? {}, consumer === undefined ? stream : `${stream}/${consumer}`);
	// An answer from before the connection was lost tells of another life of the server.
	return said !== undefined && said.at >= nats.connection.since ? said.answer : undefined;
}

/** Whether the server answers the console now: also where only its monitoring port is away. */
export const natsAnswers = ({nats, streamsAt}: DeploymentState): boolean =>
	nats.connection.status === 'connected' &&
	(nats.healthz?.status !== 'unreachable' ||
		// Somebody answers there, and the connection lives.
		nats.healthz.answers === true ||
		(streamsAt ?? 0) >= nats.healthz.since ||
		(nats.connection.rttAt ?? 0) >= nats.healthz.since ||
		// The server that answers may be another one of the cluster.
		Object.values(nats.nodes ?? {}).some(({status}) => status !== 'unreachable'));

/** The services that the configuration names: those that the deployment can't be without. */
export function namedServices(config: Config): string[] {
	const named = [
		...nodeServices(config),
		...config.health.map((endpoint) => endpoint.service),
		...config.metrics.map((endpoint) => endpoint.service),
		...config.logs.services,
	];
	return [...new Set(named.filter((service) => service !== undefined))];
}

/**
The services that have no container: removed while the console watched or since an earlier one saw it, or never seen although
the configuration or another service names them.
*/
export function missingServices(state: DeploymentState, config: Config): string[] {
	if (state.containersAt === undefined) {
		return [];
	}
	const services = Object.values(state.services);
	// What others only wait for to end may be removed when it has.
	const needed = services.flatMap(({dependsOn, completed = []}) =>
		dependsOn.filter((name) => !completed.includes(name)),
	);
	// Of a service with replicas the first one may be another number.
	const scaled = new Set(services.flatMap(({composeService}) => composeService ?? []));
	const names = new Set([
		...[...namedServices(config), ...Object.values(config.consumers ?? {}), ...needed].filter(
			(name) => own(state.services, name) || !scaled.has(name),
		),
		...Object.keys(state.services),
	]);
	return [...names].filter(
		(name) =>
			(own(state.services, name)?.status ?? 'missing') === 'missing' &&
			// One that is there and could not be read is not missing.
			containerReading(state, name) === undefined,
	);
}

/** Whether nobody ever saw a container of a service, this console or an earlier one: it may be left out on purpose. */
export const wasNeverSeen = ({services, seenServices = []}: DeploymentState, name: string): boolean =>
	own(services, name) === undefined && !seenServices.includes(name);

/** The newest line of a service's log, in quotes; nothing where it is not followed. */
export function lastLogLine({logs}: DeploymentState, service: string): string | undefined {
	const line = logs.lines.findLast((candidate) => candidate.service === service && candidate.text !== '');
	return line && quote(line.text);
}

/** A line of a log as evidence: short, in quotes. */
export const quote = (text: string): string => `"${text.length > 90 ? `${text.slice(0, 89)}…` : text}"`;

/** Whether a run that goes on has stopped the service and will start it again. */
export const isStoppedByRun = ({run, services}: DeploymentState, service: string): boolean =>
	run?.alive === true && run.result === undefined && wasStopped(run, service, services);

/** Whether a run stopped a service, or the one that it is a replica of. */
export const wasStopped = (
	{stopped}: Pick<RunState, 'stopped'>,
	service: string,
	services: DeploymentState['services'],
): boolean => stopped.includes(service) || stopped.includes(composeServiceName(service, services));

// Twenty rules ask for the same list at each look; of a thousand streams each time anew it would be most of a diagnosis.
const sorted = new WeakMap<DeploymentState['streams'], {config: Config; rows: readonly StreamState[]}>();

/** The streams that are there, the one of the runbooks first. */
export function presentStreams(state: DeploymentState, config: Config): readonly StreamState[] {
	const known = sorted.get(state.streams);
	if (known?.config === config) {
		return known.rows;
	}
	const rows = Object.values(state.streams)
		.filter((stream) => stream.present)
		.sort((a, b) => Number(b.name === config.stream) - Number(a.name === config.stream));
	sorted.set(state.streams, {config, rows});
	return rows;
}

export type PresentConsumer = {stream: StreamState; consumer: ConsumerState; isWatched: boolean};

// Five rules ask for the same list at each look; with 10,000 consumers making it is most of a diagnosis.
const lists = new WeakMap<DeploymentState['streams'], {config: Config; rows: readonly PresentConsumer[]}>();

/** The consumers that are there, with their streams, the watched one first. */
export function presentConsumers(state: DeploymentState, config: Config): readonly PresentConsumer[] {
	const known = lists.get(state.streams);
	if (known?.config === config) {
		return known.rows;
	}
	const watched: PresentConsumer[] = [];
	const others: PresentConsumer[] = [];
	for (const stream of presentStreams(state, config)) {
		for (const consumer of Object.values(stream.consumers)) {
			if (consumer.present) {
				const isWatched = stream.name === config.stream && consumer.name === config.consumer;
				(isWatched ? watched : others).push({stream, consumer, isWatched});
			}
		}
	}
	const rows = [...watched, ...others];
	lists.set(state.streams, {config, rows});
	return rows;
}

/** Whether an endpoint tells of its connection to NATS, by its own words. */
export const isAboutNats = ({healthy, show, label}: Config['health'][number]): boolean =>
	/nats|jetstream/i.test(`${healthy} ${show ?? ''} ${label ?? ''}`);
