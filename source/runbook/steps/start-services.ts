import type {Services} from '../../config/runbook-schema.ts';
import {stepShape} from '../../config/runbook-schema.ts';
import {StepError} from '../../deployment/step-error.ts';
import {isDoneJob} from '../../state/service.ts';
import {commandLine} from '../../text/shell-quote.ts';
import type {RunContext} from '../context.ts';
import {confirmServices, repinServices} from '../identity/confirm.ts';
import {notServices} from '../put-back.ts';
import {byService} from '../services.ts';
import {startServices} from '../start.ts';
import {listed, type Step, type StepKind, servicesOf} from '../step.ts';

/** A job that has done its work is not done again; what this run stopped is started, whatever it is. */
async function withoutDoneJobs(services: string[], {deployment, memory}: RunContext): Promise<string[]> {
	const known = byService(await deployment.engine.containers());
	const isDone = (service: string): boolean => known.get(service)?.every(isDoneJob) ?? false;
	return services.filter((service) => !isDone(service) || memory.stopped?.has(service));
}

/**
Starts what does not run of these services, in dependency order.

@param claimed - Those that only the journal of a killed run names: what the project does not have is left out, and noted.
*/
export const startServicesStep = (named: Services, claimed: readonly string[] = []): Step => ({
	id: 'start',
	title: () => 'start services',
	describe: (facts) => servicesOf(named, facts).join(', '),
	command: (facts) =>
		commandLine(
			['docker', 'compose', '-p', facts.config.docker.project, 'up', '-d', '--no-recreate'],
			named === 'all' ? [] : servicesOf(named, facts),
		),
	async run(context, facts) {
		const services = await withoutDoneJobs(servicesOf(named, facts), context);
		await confirmServices(context, services);
		let count = 0;
		const {started, failed, unknown} = await startServices(context, services, (service) => {
			count++;
			context.progress(`${service} started`, count / services.length);
		});
		await repinServices(context, started);
		const failedNames = new Set(failed.map(({service}) => service));
		context.write({
			event: 'restored',
			services: services.filter((service) => !failedNames.has(service)),
		});
		const wrong = unknown.filter((service) => !claimed.includes(service));
		if (unknown.length > wrong.length) {
			context.write({
				event: 'note',
				text: notServices(unknown.filter((service) => claimed.includes(service))),
			});
		}
		if (wrong.length > 0) {
			throw new StepError(notServices(wrong));
		}
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
	make: (services) => startServicesStep(services),
};
