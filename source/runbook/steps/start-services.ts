import type {Services} from '../../config/runbook-schema.ts';
import {stepShape} from '../../config/runbook-schema.ts';
import {StepError} from '../../deployment/step-error.ts';
import {commandLine} from '../../text/shell-quote.ts';
import {confirmServices, repinServices} from '../identity/confirm.ts';
import {startServices} from '../start.ts';
import {listed, type Step, type StepKind, servicesOf} from '../step.ts';

/** Starts what does not run of these services, in dependency order. */
export const startServicesStep = (named: Services): Step => ({
	id: 'start',
	title: () => 'start services',
	describe: (facts) => servicesOf(named, facts).join(', '),
	command: (facts) =>
		commandLine(
			['docker', 'compose', '-p', facts.config.docker.project, 'up', '-d', '--no-recreate'],
			named === 'all' ? [] : servicesOf(named, facts),
		),
	async run(context, facts) {
		const services = servicesOf(named, facts);
		await confirmServices(context, services);
		let count = 0;
		const {started, failed} = await startServices(context, services, (service) => {
			count++;
			context.progress(`${service} started`, count / services.length);
		});
		await repinServices(context, started);
		const failedNames = new Set(failed.map(({service}) => service));
		context.write({
			event: 'restored',
			services: services.filter((service) => !failedNames.has(service)),
		});
		if (failed.length > 0) {
			throw new StepError(
				failed.map(({service, reason}) => `${service} could not be started: ${reason}`).join('. '),
			);
		}
		return started.length === 0 ? {skipped: 'all run already'} : started.sort().join(', ');
	},
});

/** `start: all` */
export const startKind: StepKind<'start'> = {
	key: 'start',
	schema: stepShape.start,
	needs: (services) => ({starts: listed(services)}),
	make: startServicesStep,
};
