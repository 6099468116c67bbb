import type {NatsConnection} from 'nats';
import {consumerInfo, streamInfo} from '../../clients/nats/jetstream.ts';
import type {CheckResult} from '../../state/run.ts';
import {plural} from '../../text/count.ts';
import {readConfigs} from '../configs.ts';
import type {ReadContext} from '../context.ts';
import {aheadBy, isKnown, known, startOf, startWords} from '../recreate.ts';
import {askJetStream} from './jetstream.ts';
import {checkCreate} from './permissions.ts';

type Answer = {checks: CheckResult[]; again?: number};

/**
Whether the watched consumer is gone and can be created again, and where it would begin. Never throws.

@param isRunning - The run itself asks: a consumer that its service has made meanwhile is no reason to fail.
*/
export const checkConsumer = (context: ReadContext, isRunning: boolean): Promise<Answer> =>
	askJetStream(context, (connection) => look(connection, context, isRunning));

async function look(
	connection: NatsConnection,
	{config, place}: ReadContext,
	isRunning: boolean,
): Promise<Answer> {
	const {stream, consumer: name} = config;
	if (!(await isKnown(() => streamInfo(connection, stream)))) {
		const evidence = `The server does not know ${stream}. Run full recovery (F).`;
		return {checks: [{name: stream, ok: false, evidence}]};
	}
	const there = await known(() => consumerInfo(connection, stream, name));
	const ahead = there ? await aheadBy(connection, stream, there) : 0;
	if (there && ahead === 0) {
		return {
			checks: [
				{
					name,
					ok: isRunning,
					evidence: `${name} is there, so there is nothing to recreate. Where it does not move, restart the service that reads it (S).`,
				},
			],
		};
	}
	const saved = readConfigs(place.configs).streams[stream]?.consumers[name];
	if (saved === undefined) {
		return {
			checks: [
				{
					name,
					ok: false,
					evidence: `No configuration of ${name} was ever saved here. Let its service make it, with a restart of that (S), or create it with nats consumer add.`,
				},
			],
		};
	}
	if (there) {
		const evidence = `${plural(ahead, 'message')} ahead of ${stream}; it is moved to the first one that ${stream} holds`;
		return {checks: [{name, ok: true, evidence}, await checkCreate(connection, stream, name)]};
	}
	const start = await startOf(connection, place, stream, name, saved);
	return {
		checks: [
			{name, ok: true, evidence: `missing; it ${startWords(start)}`},
			await checkCreate(connection, stream, name),
		],
		again: start.again,
	};
}
