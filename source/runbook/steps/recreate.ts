import {streamInfo} from '../../clients/nats/jetstream.ts';
import {createStream, updateStream} from '../../clients/nats/recreate.ts';
import {readConfigs} from '../configs.ts';
import {StepError, withNats} from '../context.ts';
import {isKnown, recreateConsumers} from '../recreate.ts';
import type {Step} from '../step.ts';

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
		const saved = readConfigs(context.place.configs).streams[config.stream];
		return withNats(context, async (connection) => {
			const done: string[] = [];
			if (!(await isKnown(() => streamInfo(connection, config.stream)))) {
				if (!saved) {
					throw new StepError(`${config.stream} is gone and no configuration of it was ever saved here.`);
				}
				context.progress(`creating ${config.stream}`);
				await createStream(connection, saved.config);
				await updateStream(connection, saved.config);
				done.push(config.stream);
			}
			if (rewrite && saved && !done.includes(config.stream)) {
				await updateStream(connection, saved.config);
			}
			done.push(...(await recreateConsumers(connection, config.stream, saved?.consumers ?? {})));
			return done.length === 0
				? {skipped: 'the stream and its consumers answer'}
				: `${done.join(', ')} created from the saved configuration`;
		});
	},
});
