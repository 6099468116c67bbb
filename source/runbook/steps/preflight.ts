import {withJetStream} from '../../deployment/deployment.ts';
import {StepError} from '../../deployment/step-error.ts';
import type {RunContext} from '../context.ts';
import type {Needs} from '../needs.ts';
import {preflight} from '../preflight/preflight.ts';
import type {Step} from '../step.ts';

/** Looks whether the runbook can be run, before anything is touched. */
export const preflightStep = (needs: Needs): Step => ({
	id: 'preflight',
	title: () => 'preflight',
	describe: () =>
		needs.recreatesConsumer
			? 'engine and JetStream reachable, the consumer is gone, or ahead of its stream, its configuration is known, no other run'
			: needs.purge === undefined
				? 'engine reachable, the project is there, room in the store, no other run'
				: 'engine and JetStream reachable, store writable, not sealed, no deny_purge, room for the backup, no other run',
	async run(context) {
		const {checks} = await preflight(needs, context, context.backup, true);
		context.write({event: 'preflight', checks});
		const failed = checks.filter((check) => !check.ok);
		if (failed.length > 0) {
			throw new StepError(failed.map((check) => check.evidence).join(' '));
		}
		await saveConfigs(context);
		return `${checks.length} of ${checks.length} checks`;
	},
});

/** Keeps the stream as it is before anything is touched: a recreate needs its configuration, the verification its count. */
async function saveConfigs({deployment, records, config, memory}: RunContext): Promise<void> {
	const {stream} = config;
	try {
		await withJetStream(deployment, async (jetstream) => {
			const info = await jetstream.stream(stream, 1000);
			memory.streamAtStart = info;
			const {consumers} = await jetstream.consumers(stream, 1000);
			records.remember(info, consumers);
		});
	} catch {
		// A server that is down is what a restart is for; what was saved before is still there.
	}
	memory.saved = records.savedStream(stream);
}
