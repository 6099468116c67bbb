import type {Services} from '../../config/runbook-schema.ts';
import type {ContainerFacts} from '../../state/observation.ts';
import {isDoneJob} from '../../state/service.ts';
import {shellLine} from '../../text/shell-quote.ts';
import {ownContainers} from '../own-containers.ts';
import {byService} from '../services.ts';
import {deadlines, type Step, servicesOf} from '../step.ts';
import {waitUntil} from '../wait.ts';

const isReady = (container: ContainerFacts | undefined): boolean =>
	container?.status === 'running' && ['healthy', 'none'].includes(container.health);

/** Waits until the containers of these services run and, where they have a check of their own, are healthy. */
export const waitRunningStep = (named: Services, deadlineMs: number = deadlines.services): Step => ({
	id: 'wait-running',
	title: (facts) => `wait for ${servicesOf(named, facts).join(', ')}`,
	describe: () => `running and healthy, at most ${deadlineMs / 1000} s`,
	command: ({config}) => shellLine('docker', 'compose', '-p', config.docker.project, 'ps'),
	async run(context, facts) {
		const wanted = servicesOf(named, facts);
		const ownOf = (replicas: ContainerFacts[] | undefined): readonly (ContainerFacts | undefined)[] =>
			replicas === undefined ? [undefined] : ownContainers(replicas, context.memory.stoppedContainers);
		const look = async (): Promise<string | undefined> => {
			const containers = await context.deployment.engine.containers();
			const known = byService(containers);
			const states = wanted.flatMap((service) =>
				ownOf(known.get(service)).map((container) => ({service, container})),
			);
			// A job that has done its work is not waited for, unless this run stopped it.
			const isOver = ({service, container}: (typeof states)[number]): boolean =>
				container !== undefined && isDoneJob(container) && !context.memory.stopped?.has(service);
			const missing = states.filter((state) => !isOver(state) && !isReady(state.container));
			return missing.length === 0
				? undefined
				: missing
						.map(({service, container}) =>
							[service, container?.status ?? 'missing', container?.health].filter(Boolean).join(' '),
						)
						.join(', ');
		};
		await waitUntil(`${wanted.join(', ')} not ready`, look, {
			clock: context.deployment.clock,
			deadlineMs,
			signal: context.signal,
			onWaiting: (reason) => context.progress(reason),
		});
		return wanted.join(', ');
	},
});
