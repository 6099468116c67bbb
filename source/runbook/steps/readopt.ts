import type {NatsConnection} from '../../clients/nats/connection.ts';
import {streamInfo} from '../../clients/nats/jetstream.ts';
import {createStream, updateStream} from '../../clients/nats/recreate.ts';
import {StepError} from '../../deployment/step-error.ts';
import type {Place} from '../../records/place.ts';
import {readConfigs, type SavedStream} from '../../records/saved-configs.ts';
import {formatBytes} from '../../text/bytes.ts';
import {plural} from '../../text/count.ts';
import {isKnown, recreateConsumers} from '../consumers/recreate-consumers.ts';
import {withNats} from '../context.ts';
import type {Step} from '../step.ts';

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
		return withNats(context, async (connection) => {
			if (await isKnown(() => streamInfo(connection, name))) {
				return {skipped: `the server knows ${name}`};
			}
			const saved = readConfigs(context.place.configs).streams[name];
			if (!saved) {
				throw new StepError(
					`The server does not know ${name}, and no configuration of it was ever saved here.`,
				);
			}
			context.progress(`creating ${name} over what is on disk`);
			const text = await readopt(connection, context.place, name, saved);
			context.memory.readopted = true;
			return text;
		});
	},
};

async function readopt(
	connection: NatsConnection,
	place: Place,
	name: string,
	saved: SavedStream,
): Promise<string> {
	await createStream(connection, saved.config);
	const consumers = await recreateConsumers(connection, place, name, saved.consumers);
	await updateStream(connection, saved.config);
	const {state} = await streamInfo(connection, name);
	const back =
		state.messages === 0
			? 'created anew: no message of it was on disk'
			: `${plural(state.messages, 'message')} came back, ${formatBytes(state.bytes)}, sequence ${state.first_seq} to ${state.last_seq}`;
	return [back, ...(consumers.length > 0 ? [`created: ${consumers.join('; ')}`] : [])].join('; ');
}
