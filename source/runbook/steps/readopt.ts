import {stepShape} from '../../config/runbook-schema.ts';
import {withJetStream} from '../../deployment/deployment.ts';
import type {JetStreamControl} from '../../deployment/jetstream.ts';
import {StepError} from '../../deployment/step-error.ts';
import type {SavedStream} from '../../records/saved-configs.ts';
import {formatBytes} from '../../text/bytes.ts';
import {plural} from '../../text/count.ts';
import {isKnown, recreateConsumers} from '../consumers/recreate-consumers.ts';
import type {RunContext} from '../context.ts';
import {noteCreated, repinStream} from '../identity/confirm.ts';
import type {Step, StepKind} from '../step.ts';

/**
Gives a stream back that the server lost only its own record of (`meta.inf`): creating it again with the saved
configuration adopts the messages that are still on disk. Then its consumers, and last an update, which makes the
server write the record anew (docs/facts.md, "Failures and what shows").
*/
export const readoptStep: Step = {
	id: 'readopt',
	title: ({config}) => `re-adopt ${config.stream}`,
	describe: () =>
		'only where the server does not know it: its messages on disk come back, and nothing is purged',
	async run(context, {config}) {
		const name = config.stream;
		return withJetStream(context.control, async (jetstream) => {
			if (await isKnown(() => jetstream.stream(name))) {
				return {skipped: `the server knows ${name}`};
			}
			const saved = context.records.savedStream(name);
			if (!saved) {
				throw new StepError(
					`The server does not know ${name}, and no configuration of it was ever saved here.`,
				);
			}
			await context.confirmLock();
			context.progress(`creating ${name} over what is on disk`);
			const text = await readopt(jetstream, context, name, saved);
			context.memory.readopted = true;
			await repinStream(context, jetstream);
			return text;
		});
	},
};

async function readopt(
	jetstream: JetStreamControl,
	context: RunContext,
	name: string,
	saved: SavedStream,
): Promise<string> {
	await jetstream.createStream(saved.config);
	const consumers = await recreateConsumers(jetstream, context, name, saved.consumers, {
		onCreated: noteCreated(context),
	});
	await jetstream.updateStream(saved.config);
	const {state} = await jetstream.stream(name);
	const back =
		state.messages === 0
			? 'created anew: no message of it was on disk'
			: `${plural(state.messages, 'message')} came back, ${formatBytes(state.bytes)}, sequence ${state.first_seq} to ${state.last_seq}`;
	return [back, ...(consumers.length > 0 ? [`created: ${consumers.join('; ')}`] : [])].join('; ');
}

/** `readopt` */
export const readoptKind: StepKind<'readopt'> = {
	key: 'readopt',
	schema: stepShape.readopt,
	needs: () => ({recreates: true}),
	make: () => readoptStep,
};
