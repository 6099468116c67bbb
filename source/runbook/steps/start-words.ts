import type {Services} from '../../config/runbook-schema.ts';
import type {ContainerFacts} from '../../state/observation.ts';
import {isDoneJob} from '../../state/service.ts';
import {commandLine} from '../../text/shell-quote.ts';
import {ownContainers} from '../own-containers.ts';
import {byService} from '../services.ts';
import {type PlanFacts, servicesOf} from '../step.ts';

/** Services that the killed run had stopped, with the ids of their containers. */
type Claimed = {stopped: readonly string[]; stoppedContainers?: readonly string[]};

const runs = ({status}: Pick<ContainerFacts, 'status'>): boolean =>
	['running', 'paused', 'restarting'].includes(status);

/** What a step starts, in words: the services, and which of them did not run before. */
export function startWords(services: readonly string[], facts: PlanFacts, claimed?: Claimed): string {
	const known = byService(facts.containers ?? []);
	const wasDown = (service: string): boolean =>
		facts.containers !== undefined &&
		!claimed?.stopped.includes(service) &&
		!(known.get(service) ?? []).some(runs) &&
		!isDone(known.get(service));
	const down = services.filter(wasDown);
	return [
		services.join(', '),
		...(down.length === 0 ? [] : [`of these, not running now: ${down.join(', ')}`]),
	].join('; ');
}

/** The commands that do what a step does: it starts containers that are there, and Compose makes the others. */
export function startCommand(
	services: readonly string[],
	facts: PlanFacts,
	claimed?: Claimed,
): string | undefined {
	const known = byService(facts.containers ?? []);
	const stopped = new Set((facts.stops ?? []).flatMap((named) => servicesOf(named as Services, facts)));
	const ids = new Set(claimed?.stoppedContainers);
	const started: string[] = [];
	const unpaused: string[] = [];
	const missing: string[] = [];
	for (const service of services) {
		const replicas = known.get(service);
		if (replicas === undefined) {
			missing.push(service);
		} else if (!isDone(replicas) || claimed?.stopped.includes(service)) {
			const isStopped = stopped.has(service) && replicas.some(runs);
			const meant = isStopped
				? replicas.filter(runs)
				: ownContainers(replicas, ids).filter(({status}) => status !== 'running');
			for (const {containerName, status} of meant) {
				// What the run itself stops is not paused any more.
				(status === 'paused' && !isStopped ? unpaused : started).push(containerName);
			}
		}
	}
	const lines = [
		...missing.map((service) => makeLine(service, facts)),
		...(unpaused.length === 0 ? [] : [commandLine(['docker', 'unpause'], unpaused)]),
		...(started.length === 0 ? [] : [commandLine(['docker', 'start'], started)]),
	];
	return lines.join('; ') || undefined;
}

/** The very command that is executed; else what does the same. */
const makeLine = (service: string, {toMake, config}: PlanFacts): string =>
	toMake.command?.([service]) ??
	commandLine(
		['docker', 'compose', '-p', config.docker.project, 'up', '-d', '--no-recreate', '--no-deps'],
		[service],
	);

/** A job that has done its work is not done again. */
const isDone = (replicas: readonly ContainerFacts[] | undefined): boolean =>
	replicas?.every(isDoneJob) ?? false;
