import {StepError} from '../../deployment/step-error.ts';
import type {ContainerFacts} from '../../state/observation.ts';
import {formatAge} from '../../text/duration.ts';
import type {RunContext} from '../context.ts';
import {deadlines} from '../step.ts';
import {waitUntil} from '../wait.ts';
import {notCurrent} from './current.ts';
import {judgeCluster} from './judge.ts';
import {conditionsOf, isAway, isBroken, isWorking, leaderOf, lookAtNodes, type NodeNow} from './look.ts';

/** Restarts one server, or makes its container. */
type Restart = (service: string, container: ContainerFacts | undefined) => Promise<void>;

/**
Restarts servers of a cluster so that it never loses its majority by it. Those that are down, or do not answer, are
started first and the others then left alone; where all are well they are restarted one at a time, the leader
last, each only once the one before is current.

@returns What was done to each, in words.
@throws StepError where a restart would cost the majority, or a server does not become current in time.
*/
export async function restartNodes(
	wanted: readonly string[],
	context: RunContext,
	restart: Restart,
): Promise<string> {
	const nodes = await lookAtNodes(context);
	const booting = nodes.filter(({service, condition}) => wanted.includes(service) && condition === 'booting');
	const broken = nodes.filter((node) => wanted.includes(node.service) && isBroken(node));
	if (broken.length > 0 || booting.length > 0) {
		return startBroken(broken, booting, wanted, context, restart);
	}
	const {ok, evidence} = judgeCluster(
		nodes,
		{purge: undefined, recreates: false, recreatesConsumer: false, restartsFirst: false},
		wanted,
	);
	if (!ok) {
		throw new StepError(`${evidence} Nothing was restarted.`);
	}
	return roll(nodes, wanted, context, restart);
}

async function startBroken(
	broken: readonly NodeNow[],
	booting: readonly NodeNow[],
	wanted: readonly string[],
	context: RunContext,
	restart: Restart,
): Promise<string> {
	// All of those that are away before one is waited for: without a majority none becomes current.
	const away = broken.filter(isAway);
	for (const {service, container} of away) {
		context.signal.throwIfAborted();
		context.progress(`${service} is started`);
		await restart(service, container);
	}
	const back = [...away, ...booting].map(({service}) => service);
	await untilCurrent(context, back);
	// Those that may still have a vote one at a time, each looked at again: two at once could cost the majority.
	for (const {service} of broken.filter((node) => !isAway(node))) {
		context.signal.throwIfAborted();
		const now = (await lookAtNodes(context)).find((node) => node.service === service);
		if (now && isBroken(now)) {
			context.progress(`${service} is restarted`);
			await restart(service, now.container);
			await untilWorking(context, service);
		}
	}
	const services = [...broken, ...booting].map(({service}) => service);
	await untilCurrent(context, services);
	const left = wanted.filter((service) => !services.includes(service));
	return [
		...(broken.length > 0 ? [`${conditionsOf(broken)}: started, and current again`] : []),
		...(booting.length > 0 ? [`${conditionsOf(booting)}: waited for, not restarted`] : []),
		...(left.length > 0
			? [`${left.join(', ')} left alone: ${left.length === 1 ? 'it is' : 'they are'} well`]
			: []),
	].join('; ');
}

async function roll(
	nodes: readonly NodeNow[],
	wanted: readonly string[],
	context: RunContext,
	restart: Restart,
): Promise<string> {
	const leader = leaderOf(nodes);
	const order = nodes
		.filter(({service}) => wanted.includes(service))
		.sort((a, b) => Number(a.name === leader) - Number(b.name === leader))
		.map(({service}) => service);
	const all = nodes.map(({service}) => service);
	for (const [index, service] of order.entries()) {
		// All of the others too: the next restart must not meet one that is still behind.
		await untilCurrent(context, all, index / order.length);
		context.signal.throwIfAborted();
		context.progress(`${service} is restarted`, index / order.length);
		const container = (await context.deployment.engine.containers()).find((one) => one.service === service);
		await restart(service, container);
	}
	await untilCurrent(context, all);
	return order.length === 1
		? `${order[0]} restarted, and current again`
		: `${order.join(', ')}, one at a time`;
}

/** Until a server answers and has a vote again; what ails it may ail the others too, and it need not be well. */
function untilWorking(context: RunContext, service: string): Promise<void> {
	return waitUntil(
		`${service} does not come back`,
		async () => {
			const now = (await lookAtNodes(context)).find((node) => node.service === service);
			return now && isWorking(now) ? undefined : (now?.why ?? 'gone');
		},
		{
			clock: context.deployment.clock,
			deadlineMs: deadlines.server,
			everyMs: 200,
			signal: context.signal,
		},
	);
}

function untilCurrent(context: RunContext, services: readonly string[], fraction?: number): Promise<void> {
	const {clock} = context.deployment;
	const since = clock.elapsed();
	return waitUntil(
		services.length === 1 ? `${services[0]} is not current` : 'The servers are not current',
		() => notCurrent(context, services),
		{
			clock,
			deadlineMs: deadlines.server,
			everyMs: 200,
			signal: context.signal,
			onWaiting: (reason) => context.progress(`${reason}, ${formatAge(clock.elapsed() - since)}`, fraction),
		},
	);
}
