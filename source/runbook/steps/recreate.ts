import {stepShape} from '../../config/runbook-schema.ts';
import type {Config} from '../../config/schema.ts';
import {withJetStream} from '../../deployment/deployment.ts';
import type {JetStreamControl} from '../../deployment/jetstream.ts';
import {StepError} from '../../deployment/step-error.ts';
import type {SavedStream} from '../../records/saved-configs.ts';
import {plural} from '../../text/count.ts';
import {isKnown, recreateConsumers} from '../consumers/recreate-consumers.ts';
import type {RunContext} from '../context.ts';
import {confirmConsumer, confirmStream, noteCreated, repinStream} from '../identity/confirm.ts';
import {deliveredAgain} from '../preflight/consumer.ts';
import type {Step, StepKind} from '../step.ts';

/**
Creates again, from the last seen configuration, what a purge did not mend: the stream, its durable consumers.

@param rewrite - Gives a stream that is there its own configuration once more, so that the server writes its record: a run that was
killed after it had created the stream has left it with the damaged one.
*/
export const recreateStep = ({rewrite = false} = {}): Step => ({
	id: 'recreate',
	title: () => `recreate what is missing`,
	describe: () => 'only what does not answer: the stream, its consumers, from their last seen configuration',
	async run(context, {config}) {
		const saved = savedOf(context, config);
		return withJetStream(context.control, async (jetstream) => {
			await confirmStream(context, jetstream, true);
			const done = await recreateStream(jetstream, context, config, saved, rewrite);
			done.push(
				...(await recreateConsumers(jetstream, context, config.stream, saved?.consumers ?? {}, {
					// Nothing is in the stream that could be delivered twice.
					movesBack: context.memory.purge?.keep === 'nothing',
					onCreated: noteCreated(context),
				})),
			);
			return done.length === 0 ? {skipped: 'the stream and its consumers answer'} : done.join('; ');
		});
	},
});

/**
Creates the watched consumer where it is missing, or moves it where it is ahead of its stream, and nothing else: nothing is
stopped, no message is removed.
*/
export const recreateConsumerStep: Step = {
	id: 'recreate',
	title: ({config}) => `recreate ${config.consumer}`,
	describe: () =>
		'where it is missing: from its last seen configuration, behind what it had acknowledged; where it is ahead of its stream: moved to the first message',
	async run(context, {config}) {
		const saved = savedOf(context, config)?.consumers[config.consumer];
		if (!saved) {
			throw new StepError(`No configuration of ${config.consumer} was ever saved here.`);
		}
		context.progress(`creating ${config.consumer}`);
		return withJetStream(context.control, async (jetstream) => {
			const again = await deliveredAgain(jetstream, context, saved);
			if (again > 0 && context.confirmed.how === 'key') {
				throw new StepError(
					`${config.consumer} would be given up to ${plural(again, 'message')} again, which nobody confirmed: where it stopped is not known any more.`,
				);
			}
			await confirmConsumer(context, jetstream);
			const [done] = await recreateConsumers(
				jetstream,
				context,
				config.stream,
				{[config.consumer]: saved},
				{movesBack: true, mayChangePolicy: true, onCreated: noteCreated(context)},
			);
			return done ?? {skipped: `${config.consumer} answers`};
		});
	},
};

const savedOf = ({records}: RunContext, {stream}: Config): SavedStream | undefined =>
	records.savedStream(stream);

async function recreateStream(
	jetstream: JetStreamControl,
	context: RunContext,
	{stream}: Config,
	saved: SavedStream | undefined,
	rewrite: boolean,
): Promise<string[]> {
	if (await isKnown(() => jetstream.stream(stream))) {
		if (rewrite && saved) {
			await jetstream.updateStream(saved.config);
		}
		return [];
	}
	if (!saved) {
		throw new StepError(`${stream} is gone and no configuration of it was ever saved here.`);
	}
	if (context.pins.stream?.created) {
		context.memory.lostStream = `Somebody else deleted ${stream} during the run; it was created again, empty.`;
	}
	context.progress(`creating ${stream}`);
	await jetstream.createStream(saved.config);
	await jetstream.updateStream(saved.config);
	await repinStream(context, jetstream);
	return [`${stream} created from the saved configuration`];
}

/** `recreate`, `recreate: consumer` */
export const recreateKind: StepKind<'recreate'> = {
	key: 'recreate',
	schema: stepShape.recreate,
	needs: (value) => (value === 'consumer' ? {recreatesConsumer: true} : {recreates: true}),
	make: (value) => (value === 'consumer' ? recreateConsumerStep : recreateStep()),
};
