import {isCluster} from '../../config/nodes.ts';
import {stepShape} from '../../config/runbook-schema.ts';
import type {CheckResult} from '../../state/run.ts';
import {plural} from '../../text/count.ts';
import {makeChecks} from '../checks/make-checks.ts';
import {deadlines, type Step, type StepKind} from '../step.ts';
import {nextLookMs} from '../wait.ts';

/**
Proves that it worked: each named check is tried until it holds or the deadline is over, all at once. What they
found is in the journal; the run's result is theirs.
*/
export const verifyStep = (deadlineMs: number = deadlines.verify): Step => ({
	id: 'verify',
	title: () => 'verify',
	describe: ({config}) =>
		[
			'containers running and healthy',
			...(isCluster(config) ? ['each server in the cluster', 'replicas current'] : ['/healthz ok']),
			`${config.stream} answers`,
			`${config.consumer} moves`,
			...config.health.map(({name, label}) => `${name} ${label ?? ''} healthy`.replace('  ', ' ')),
			...config.metrics.map(({lag}) => `${lag} flows`),
		].join(' · '),
	async run(context) {
		const {clock} = context.deployment;
		const started = clock.elapsed();
		const checks = makeChecks(context);
		const open = new Set(checks.map(({name}) => name));
		const results = await Promise.all(
			checks.map(async ({name, otherwise, test}): Promise<CheckResult> => {
				let result = {ok: false, evidence: 'not looked at'};
				while (!result.ok && clock.elapsed() - started < deadlineMs && !context.signal.aborted) {
					try {
						result = await test(clock.elapsed() - started);
					} catch (error) {
						result = {ok: false, evidence: (error as Error).message};
					}
					if (!result.ok) {
						await clock.delay(nextLookMs(clock.elapsed() - started), context.signal);
					}
				}
				const ms = Math.round(clock.elapsed() - started);
				const proved = {name, ...result, ms, ...(result.ok ? {} : {next: otherwise})};
				open.delete(name);
				context.write({event: 'check', ...proved});
				if (open.size > 0) {
					const done = checks.length - open.size;
					context.progress(
						`${done} of ${checks.length} checks, waiting for: ${[...open].join(', ')}`,
						done / checks.length,
					);
				}
				return proved;
			}),
		);
		for (const {close} of checks) {
			await close?.();
		}
		context.signal.throwIfAborted();
		const failed = results.filter(({ok}) => !ok);
		return failed.length === 0
			? plural(results.length, 'check')
			: {
					unproved: `${failed.length} of ${plural(results.length, 'check')} failed: ${failed.map(({name}) => name).join(', ')}`,
				};
	},
});

/** `verify` */
export const verifyKind: StepKind<'verify'> = {
	key: 'verify',
	schema: stepShape.verify,
	needs: () => ({}),
	make: (_, {withinMs}) => verifyStep(withinMs),
};
