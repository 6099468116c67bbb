import {isCluster, nodeServices, nodesOf} from '../../config/nodes.ts';
import type {Services} from '../../config/runbook-schema.ts';
import {stepShape} from '../../config/runbook-schema.ts';
import type {Config} from '../../config/schema.ts';
import {StepError} from '../../deployment/step-error.ts';
import type {ContainerFacts} from '../../state/observation.ts';
import {reattachCommand} from '../../state/reattach.ts';
import {isDetached} from '../../state/service.ts';
import {outlivesContainer} from '../../state/store-place.ts';
import {formatAge} from '../../text/duration.ts';
import {commandLine} from '../../text/shell-quote.ts';
import {restartNodes} from '../cluster/rolling.ts';
import type {RunContext} from '../context.ts';
import {confirmServices, repinServices} from '../identity/confirm.ts';
import {writeStopping} from '../own-containers.ts';
import {judgeStorePlace} from '../preflight/store-place.ts';
import {byService, startOrder} from '../services.ts';
import {listed, type PlanFacts, type Step, type StepKind, servicesOf} from '../step.ts';

/** Restarts containers, what others depend on first. A server that is booting is left alone: a second restart makes it begin again. */
export const restartServicesStep = (named: Services): Step => ({
	id: 'restart',
	title: (facts) =>
		named === 'server' && isCluster(facts.config)
			? `restart the ${nodeServices(facts.config).length} servers, one at a time`
			: `restart ${servicesOf(named, facts).join(', ')}`,
	describe(facts) {
		const servers = serversOf(servicesOf(named, facts), facts.config);
		if (servers.length === 0) {
			return 'with the stop timeout of each container; Compose recreates a container that is cut off from its network, from its present file';
		}
		return isCluster(facts.config)
			? 'what is down is started first, and the rest then left alone; where all are well one at a time, each waited for until it is current, the leader last'
			: 'the data stays; the run waits for a booting server and does not restart it; Compose recreates a server that is cut off from its network, from its present file';
	},
	command(facts) {
		const services = servicesOf(named, facts);
		const servers = isCluster(facts.config) ? serversOf(services, facts.config) : [];
		const single = services.filter((service) => !servers.includes(service));
		const isMade = (service: string): boolean => isMissing(service, facts) || isCutOff(service, facts);
		const others = single.filter((service) => !isMade(service));
		// Each server by itself: compose would restart all of them at once.
		return [
			...[...servers, ...single.filter(isMade)].map((service) => commandOf(service, facts)),
			...(others.length === 0 ? [] : [restartOf(others, facts)]),
		].join('; ');
	},
	async run(context, facts) {
		const all = servicesOf(named, facts);
		const servers = isCluster(facts.config) ? serversOf(all, facts.config) : [];
		const rolled =
			servers.length === 0
				? []
				: [await restartNodes(servers, context, async (...one) => void (await restart(...one, context)))];
		const wanted = all.filter((service) => !servers.includes(service));
		const containers = await context.deployment.engine.containers();
		const known = byService(containers);
		const order = startOrder(
			wanted.map((service) => ({service, dependsOn: known.get(service)?.[0]?.dependsOn ?? []})),
		).flat();
		const done: string[] = rolled;
		for (const service of order) {
			context.signal.throwIfAborted();
			const skipped = await restartAll(service, known.get(service) ?? [], context);
			if (skipped !== undefined && all.length === 1) {
				return {skipped};
			}
			done.push(skipped ?? (known.has(service) ? service : `${service} was missing and was made by Compose`));
			context.progress(done.join(', '), done.length / (order.length + rolled.length));
		}
		return all.length === 1 && order.length === 1 && known.has(order[0]!)
			? `${done[0]} restarted`
			: done.join(', ');
	},
});

/** What makes a container that must be made, by the very command that is executed; else what does the same as the engine is asked for. */
function commandOf(service: string, facts: PlanFacts): string {
	const {command} = facts.toMake;
	const anew = isCutOff(service, facts);
	if (!anew && !isMissing(service, facts)) {
		return restartOf([service], facts);
	}
	const how = ['up', '-d', anew ? '--force-recreate' : '--no-recreate', '--no-deps'];
	return command?.([service], anew) ?? composeLine(how, [service], facts);
}

const restartOf = (services: readonly string[], facts: PlanFacts): string =>
	composeLine(['restart'], services, facts);

const composeLine = (words: readonly string[], services: readonly string[], {config}: PlanFacts): string =>
	commandLine(['docker', 'compose', '-p', config.docker.project, ...words], services);

/** It has no container: also one that nothing but the runbook names. */
const isMissing = (service: string, {toMake, services}: PlanFacts): boolean =>
	toMake.missing.includes(service) || !services.includes(service);

const isCutOff = (service: string, {toMake}: PlanFacts): boolean => toMake.detached.includes(service);

const serversOf = (services: string[], config: Config): string[] =>
	nodeServices(config).filter((server) => services.includes(server));

/** Restarts each container of a service, one after the other: a scaled service never loses all of them at once. */
async function restartAll(
	service: string,
	replicas: readonly ContainerFacts[],
	context: RunContext,
): Promise<string | undefined> {
	const [first, ...others] = replicas;
	const skipped = await restart(service, first, context);
	// Compose makes all of a service's containers at once.
	if (first === undefined || isDetached(first)) {
		return skipped;
	}
	for (const replica of others) {
		context.signal.throwIfAborted();
		await restart(service, replica, context);
	}
	return skipped;
}

/** Answers why it was not restarted, where it was not. */
async function restart(
	service: string,
	container: ContainerFacts | undefined,
	context: RunContext,
): Promise<string | undefined> {
	const {control, config, signal} = context;
	if (!container) {
		await confirmServices(context, [service]);
		context.progress(`the container of ${service} is missing; Compose makes it`);
		await control.make([service], {signal});
		await repinServices(context, [service]);
		return undefined;
	}
	const monitor = nodesOf(config).find((node) => node.service === service)?.monitor;
	if (monitor !== undefined) {
		const booting = await bootingFor(context, monitor, container);
		if (booting !== undefined) {
			return `${service} has been booting for ${formatAge(booting)}: it is waited for, not restarted`;
		}
	}
	await confirmServices(context, [service]);
	if (isDetached(container)) {
		// A restart does not bring the network back, and attached by hand it lacks the names that the others know it by.
		context.progress(`${service} is attached to no network; Compose makes its container anew`);
		await refuseToLoseData(service, container, context);
		context.write({event: 'stopping', services: [service]});
		await context.confirmLock();
		// Not with the run's signal: Compose that is cut in the middle leaves two containers of one service.
		const timeoutMs = (container.stopTimeoutSeconds ?? 10) * 1000 + 120_000;
		await control.make([service], {anew: true, timeoutMs});
		await repinServices(context, [service]);
		context.write({event: 'restored', services: [service]});
		return undefined;
	}
	// A restart whose second half fails leaves it stopped: the run then starts it again. The lock is confirmed once more after the
	// line: that brings it to the engine, where others find this run.
	writeStopping(context, [{...container, service}]);
	await context.confirmLock();
	if (container.status === 'paused') {
		// The engine sends a stop signal that a frozen process can't take, and kills it after the grace.
		await control.unpause(container.containerId);
	}
	await control.restart(container.containerId, container.stopTimeoutSeconds);
	context.write({event: 'restored', services: [service]});
	return undefined;
}

/** A server that keeps its streams in its container's own layer would lose them with it. */
async function refuseToLoseData(
	service: string,
	container: ContainerFacts,
	{deployment, config}: RunContext,
): Promise<void> {
	if (!nodeServices(config).includes(service)) {
		return;
	}
	const place = await deployment.engine.storePlace(container.containerId, undefined);
	if (outlivesContainer(place) === true) {
		return;
	}
	const attach = reattachCommand(container, await deployment.engine.containers().catch(() => []));
	for (const {ok, evidence} of judgeStorePlace({service, does: 'recreate', attach}, place)) {
		if (!ok) {
			throw new StepError(evidence);
		}
	}
}

/** For how long the server has been booting, in milliseconds; undefined where it is not. */
async function bootingFor(
	{deployment, signal}: RunContext,
	monitor: string,
	{status, startedAt}: ContainerFacts,
): Promise<number | undefined> {
	if (status !== 'running') {
		return undefined;
	}
	const healthz = await deployment.server.healthz(monitor, signal);
	const now = deployment.clock.now();
	return healthz.status === 'booting' ? Math.max(0, now - (startedAt ?? now)) : undefined;
}

/** `restart: server` */
export const restartKind: StepKind<'restart'> = {
	key: 'restart',
	schema: stepShape.restart,
	needs: (services, config) => ({
		restarts: listed(services),
		starts: listed(services),
		restartsServer: listed(services).some((service) =>
			['server', 'all', ...nodeServices(config)].includes(service),
		),
	}),
	make: restartServicesStep,
};
