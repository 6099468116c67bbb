import {isCluster} from '../../config/nodes.ts';
import type {NatsUsers} from '../../state/nats-users.ts';
import type {ContainerFacts, StreamFacts} from '../../state/observation.ts';
import type {CheckResult} from '../../state/run.ts';
import type {ReadContext} from '../context.ts';
import {planFacts} from '../facts.ts';
import type {Needs} from '../needs.ts';
import {readUsers} from '../users.ts';
import {checkCluster} from './cluster.ts';
import {checkConsumer} from './consumer.ts';
import {checkContainers} from './containers.ts';
import {checkEngine} from './engine.ts';
import {checkIdentity} from './identity.ts';
import {measureStore} from './measure.ts';
import {checkOtherRun} from './other-run.ts';
import {checkRecords} from './records.ts';
import {checkRoom} from './room.ts';
import {judgeServer} from './server.ts';
import {judgeStore} from './store.ts';
import {checkStorePlaces} from './store-place.ts';
import {checkStream} from './stream.ts';

export type Preflight = {
	checks: CheckResult[];
	services: ContainerFacts[];
	/** Which of them use NATS, where the steps stop those that do. */
	users?: NatsUsers | undefined;
	/** The stream as it is now, where it answers. */
	stream?: StreamFacts | undefined;
	/** Messages that may be delivered once more although they were processed. */
	again?: number | undefined;
};

/**
Looks whether the steps that `needs` describes can be run now; changes nothing. What fails says why and what to do
instead. Never throws.

@param backup - Whether the stream is backed up before a purge.
@param isRunning - It is the run itself that asks: the deployment is its own.
*/
export async function preflight(
	needs: Needs,
	context: ReadContext,
	backup: boolean,
	isRunning = false,
): Promise<Preflight> {
	const {deployment, config, records} = context;
	const [other, engine] = await Promise.all([
		isRunning ? [] : checkOtherRun(context),
		checkEngine(deployment.engine, config.docker.project),
	]);
	const {services} = engine;
	const [identity, users] = await Promise.all([
		checkIdentity(context, services),
		readUsers(context, services, needs),
	]);
	const facts = planFacts(context, services, 0, users);
	const checks = [
		...engine.checks,
		...identity,
		...other,
		checkRecords(records),
		...(await checkContainers(deployment.engine, services, facts, needs)),
		...(await checkStorePlaces(context, services, facts, needs)),
	];
	// Of another server nothing is asked.
	if (services.length === 0 || identity.some(({ok}) => !ok)) {
		return {checks, services, users};
	}
	const {checks: found, isUp} = isCluster(config)
		? {checks: await checkCluster(context, needs, facts), isUp: true}
		: await checkServer(context, services, needs);
	checks.push(...found);
	// A server that is not as it must be is asked nothing more: a stuck one answers nothing for seconds.
	if (!isUp || checks.some(({ok}) => !ok)) {
		return {checks, services, users};
	}
	let again: number | undefined;
	if (needs.recreatesConsumer) {
		const consumer = await checkConsumer(context, isRunning);
		checks.push(...consumer.checks);
		({again} = consumer);
	}
	if (needs.purge === undefined) {
		return {checks, services, users, again};
	}
	const {checks: asked, stream} = await checkStream(context, {...needs, backup});
	// A server that is restarted first need not answer now.
	checks.push(
		...(stream || !needs.restartsFirst ? asked : []),
		...(stream && backup ? await checkRoom(records.backups, stream) : []),
	);
	return {checks, services, users, stream, again};
}

/** The steps need an answer of the server. */
const asksServer = ({purge, recreatesConsumer}: Needs): boolean => purge !== undefined || recreatesConsumer;

/** The server that is alone, and the room in its store. */
async function checkServer(
	context: ReadContext,
	services: ContainerFacts[],
	needs: Needs,
): Promise<{checks: CheckResult[]; isUp: boolean}> {
	const {config, deployment, signal} = context;
	const {service: name, monitor} = config.nats;
	const server = services.find(({service}) => service === name);
	const isUp = server === undefined || server.status === 'running';
	const healthz =
		monitor !== undefined && isUp ? await deployment.server.healthz(monitor, signal) : undefined;
	return {
		isUp,
		checks: [
			...(asksServer(needs) ? judgeServer(server, healthz, needs) : []),
			...judgeStore({...(await measureStore(context, server)), healthError: healthz?.error}, needs),
		],
	};
}
