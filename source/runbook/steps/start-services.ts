import {StepError} from '../context.ts';
import {startServices} from '../start.ts';
import type {Step} from '../step.ts';

/** Starts every service of the project that does not run, in dependency order. */
export const startServicesStep: Step = {
	id: 'start',
	title: () => 'start services',
	describe: ({services}) => services.join(', '),
	command: ({config}) => `docker compose -p ${config.docker.project} up -d --no-recreate`,
	async run(context, {services}) {
		let count = 0;
		const {started, failed} = await startServices(context, services, (service) => {
			count++;
			context.progress(`${service} started`, count / services.length);
		});
		const failedNames = new Set(failed.map(({service}) => service));
		context.write({
			event: 'restored',
			services: services.filter((service) => !failedNames.has(service)),
			at: Date.now(),
		});
		if (failed.length > 0) {
			throw new StepError(
				failed.map(({service, reason}) => `${service} could not be started: ${reason}`).join('. '),
			);
		}
		return started.length === 0 ? {skipped: 'all run already'} : started.sort().join(', ');
	},
};
