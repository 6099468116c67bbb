import {listConsumers, streamInfo} from '../../clients/nats/jetstream.ts';
import {StepError} from '../../deployment/step-error.ts';
import {configKeeper} from '../../records/config-keeper.ts';
import type {Needs} from '../../records/event.ts';
import {type RunContext, withNats} from '../context.ts';
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
		context.write({event: 'preflight', checks, at: Date.now()});
		const failed = checks.filter((check) => !check.ok);
		if (failed.length > 0) {
			throw new StepError(failed.map((check) => check.evidence).join(' '));
		}
		await saveConfigs(context);
		return `${checks.length} of ${checks.length} checks`;
	},
});

/** Keeps the stream's configuration as it is before anything is touched: a recreate later in this run needs it. */
async function saveConfigs(context: RunContext): Promise<void> {
	const {stream} = context.config;
	const keeper = configKeeper(context.place);
	try {
		await withNats(context, async (connection) => {
			keeper.remember(
				await streamInfo(connection, stream, 1000),
				await listConsumers(connection, stream, 1000),
			);
		});
		keeper.save();
	} catch {
		// A server that is down is what a restart is for; what was saved before is still there.
	}
}
