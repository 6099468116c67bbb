import type {Services} from '../../config/runbook-schema.ts';
import {stepShape} from '../../config/runbook-schema.ts';
import {StepError} from '../../deployment/step-error.ts';
import {commandLine} from '../../text/shell-quote.ts';
import {confirmServices} from '../identity/confirm.ts';
import {writeStopping} from '../own-containers.ts';
import {stopOrder} from '../services.ts';
import {listed, type PlanFacts, type Step, type StepKind, servicesOf} from '../step.ts';

/** The services that are not stopped, each kind with the reason, and whose connections are nobody's. */
const leftAlone = ({otherServers = [], others = [], outside = []}: PlanFacts): string[] => [
	...(otherServers.length > 0
		? [`leaves alone ${otherServers.join(', ')}: NATS servers that the configuration does not name`]
		: []),
	...(others.length > 0 ? [`leaves alone ${others.join(', ')}: not connected to NATS`] : []),
	...outside,
];

/** Stops services, dependents first. The run starts them again, whatever happens. */
export const stopServicesStep = (named: Services): Step => ({
	id: 'stop',
	title: () => 'stop services',
	describe: (facts) =>
		[servicesOf(named, facts).join(', '), ...(named === 'clients' ? leftAlone(facts) : [])].join('; '),
	command: (facts) =>
		commandLine(['docker', 'compose', '-p', facts.config.docker.project, 'stop'], servicesOf(named, facts)),
	async run(context, facts) {
		const wanted = new Set(servicesOf(named, facts));
		const containers = (await context.deployment.engine.containers()).filter(
			({service, status}) => wanted.has(service) && ['running', 'paused', 'restarting'].includes(status),
		);
		if (containers.length === 0) {
			return {skipped: 'none runs'};
		}
		await confirmServices(context, [...wanted]);
		const services = [...new Set(containers.map(({service}) => service))];
		context.memory.stopped = new Set([...(context.memory.stopped ?? []), ...services]);
		writeStopping(context, containers);
		let stopped = 0;
		for (const level of stopOrder(containers)) {
			await confirmServices(context, level);
			context.signal.throwIfAborted();
			// All of a level to their end: a stop that is under way when the step fails would end after the services
			// were started again.
			const stops = await Promise.allSettled(
				containers
					.filter(({service}) => level.includes(service))
					.map(async (container) => {
						if (container.status === 'paused') {
							await context.control.unpause(container.containerId);
						}
						await context.control.stop(container.containerId, container.stopTimeoutSeconds);
						stopped++;
					}),
			);
			const failed = stops.find((stop) => stop.status === 'rejected');
			if (failed) {
				throw failed.reason;
			}
			context.progress(`${stopped} of ${containers.length} stopped`, stopped / containers.length);
		}
		const left = (await context.deployment.engine.containers()).filter(
			({service, status}) => wanted.has(service) && status === 'running',
		);
		if (left.length > 0) {
			throw new StepError(
				`${left.map(({containerName}) => containerName).join(', ')} still runs after it was stopped.`,
			);
		}
		return services.join(', ');
	},
});

/** `stop: clients` */
export const stopKind: StepKind<'stop'> = {
	key: 'stop',
	schema: stepShape.stop,
	needs: (services) => ({stops: listed(services)}),
	make: stopServicesStep,
};
