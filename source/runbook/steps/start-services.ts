import type {Services} from '../../config/runbook-schema.ts';
import {stepShape} from '../../config/runbook-schema.ts';
import {StepError} from '../../deployment/step-error.ts';
import type {RunState} from '../../state/run.ts';
import {isDoneJob} from '../../state/service.ts';
import type {RunContext} from '../context.ts';
import {confirmServices, repinServices} from '../identity/confirm.ts';
import {notServices} from '../put-back.ts';
import {byService} from '../services.ts';
import {startServices} from '../start.ts';
import {listed, type Step, type StepKind, servicesOf} from '../step.ts';
import {startCommand, startWords} from './start-words.ts';

const lookEveryMs = 500;
/** From the end of a grace until the engine says that the container is stopped. */
const afterGraceMs = 2000;

/** A job that has done its work is not done again; what this run or the killed one stopped is started, whatever it is. */
async function withoutDoneJobs(
	services: string[],
	claimed: readonly string[],
	{deployment, memory}: RunContext,
): Promise<string[]> {
	const known = byService(await deployment.engine.containers());
	const isDone = (service: string): boolean => known.get(service)?.every(isDoneJob) ?? false;
	return services.filter(
		(service) => !isDone(service) || memory.stopped?.has(service) || claimed.includes(service),
	);
}

/** What runs is not touched, and may be another container by now. */
async function notRunning(services: readonly string[], {deployment}: RunContext): Promise<string[]> {
	const known = byService(await deployment.engine.containers());
	return services.filter((service) => !known.get(service)?.every(({status}) => status === 'running'));
}

/**
Starts what does not run of these services, in dependency order.

@param killed - The run that had stopped them and was killed: a stop that it had sent may still be under way, and what the project
does not have of those that only its journal names is left out, and noted.
*/
export const startServicesStep = (named: Services, killed?: RunState): Step => ({
	id: 'start',
	title: () => 'start services',
	describe: (facts) => startWords(servicesOf(named, facts), facts, killed),
	command: (facts) => startCommand(servicesOf(named, facts), facts, killed),
	async run(context, facts) {
		const claimed = killed?.stopped ?? [];
		const services = await withoutDoneJobs(servicesOf(named, facts), claimed, context);
		await confirmServices(context, await notRunning(services, context));
		if (killed) {
			await untilStopsEnd(context, killed);
		}
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

/** The engine stops what it was told to, whoever waits for it: a service that takes its grace runs until that is over. */
async function untilStopsEnd({deployment, signal, progress}: RunContext, killed: RunState): Promise<void> {
	const {clock, engine} = deployment;
	const started = clock.elapsed();
	for (;;) {
		const stopping = (await engine.containers()).filter(
			({service, status, startedAt = 0, stopTimeoutSeconds}) => {
				const graceMs = (stopTimeoutSeconds ?? 10) * 1000 + afterGraceMs;
				return (
					killed.stopped.includes(service) &&
					['running', 'paused'].includes(status) &&
					startedAt <= killed.at &&
					clock.now() - killed.at < graceMs &&
					// Another host's clock may be wrong.
					clock.elapsed() - started < graceMs
				);
			},
		);
		if (stopping.length === 0) {
			return;
		}
		progress(`the killed run may still be stopping ${stopping.map(({service}) => service).join(', ')}`);
		await clock.delay(lookEveryMs, signal);
		signal.throwIfAborted();
	}
}

/** `start: all` */
export const startKind: StepKind<'start'> = {
	key: 'start',
	schema: stepShape.start,
	needs: (services) => ({starts: listed(services)}),
	make: (services) => startServicesStep(services),
};
