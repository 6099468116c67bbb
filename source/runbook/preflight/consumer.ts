import type {NatsConnection} from '../../clients/nats/connection.ts';
import {consumerInfo, streamInfo} from '../../clients/nats/jetstream.ts';
import {markOf} from '../../clients/nats/move-mark.ts';
import type {Config} from '../../config/schema.ts';
import type {Place} from '../../records/place.ts';
import {readConfigs, type SavedStream} from '../../records/saved-configs.ts';
import type {CheckResult} from '../../state/run.ts';
import {formatCount, plural} from '../../text/count.ts';
import {aheadBy, isKnown, known, startOf, startWords} from '../consumers/recreate-consumers.ts';
import type {ReadContext} from '../context.ts';
import {askJetStream} from './jetstream.ts';
import {checkCreate} from './permissions.ts';

type SavedConsumer = SavedStream['consumers'][string];

type Answer = {checks: CheckResult[]; again?: number};

/**
Whether the watched consumer is gone and can be created again, and where it would begin; or can be moved, because a run has not
done it yet, or because it is ahead of its stream. Never throws.

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
	const answer = (ok: boolean, evidence: string): Answer => ({checks: [{name, ok, evidence}]});
	if (!(await isKnown(() => streamInfo(connection, stream)))) {
		const evidence = `The server does not know ${stream}. Run full recovery (F).`;
		return {checks: [{name: stream, ok: false, evidence}]};
	}
	const saved = readConfigs(place.configs).streams[stream]?.consumers[name];
	const what = await whatIsWrong(connection, stream, name);
	if (what.is === 'well') {
		return answer(
			isRunning,
			`${name} is there, so there is nothing to recreate. Where it does not move, restart the service that reads it (S).`,
		);
	}
	if (saved === undefined) {
		return answer(
			false,
			`No configuration of ${name} was ever saved here. Let its service make it, with a restart of that (S), or create it with nats consumer add.`,
		);
	}
	const {evidence, again} = await prospect(connection, place, config, saved, what);
	return {
		checks: [{name, ok: true, evidence}, await checkCreate(connection, stream, name)],
		again,
	};
}

type Wrong =
	| {is: 'well'}
	| {is: 'missing'}
	/** A run has made it and not moved it yet. */
	| {is: 'unmoved'; after: number}
	| {is: 'ahead'; by: number};

async function whatIsWrong(connection: NatsConnection, stream: string, name: string): Promise<Wrong> {
	const there = await known(() => consumerInfo(connection, stream, name));
	if (!there) {
		return {is: 'missing'};
	}
	const after = markOf(there.config.metadata);
	if (after !== undefined) {
		return {is: 'unmoved', after};
	}
	const by = await aheadBy(connection, stream, there);
	return by > 0 ? {is: 'ahead', by} : {is: 'well'};
}

/** What would be done about it, and how many messages that were processed would be delivered once more, at most. */
async function prospect(
	connection: NatsConnection,
	place: Place,
	{stream, consumer}: Config,
	saved: SavedConsumer,
	what: Exclude<Wrong, {is: 'well'}>,
): Promise<{evidence: string; again: number}> {
	switch (what.is) {
		case 'unmoved':
			return {
				evidence: `made anew by a run that ended before it had moved it; it is moved behind sequence ${formatCount(what.after)}`,
				again: 0,
			};
		case 'ahead':
			return {
				evidence: `${plural(what.by, 'message')} ahead of ${stream}; it is moved to the first one that there is: all are delivered, processed or not`,
				again: (await streamInfo(connection, stream)).state.messages,
			};
		case 'missing': {
			const start = await startOf(connection, place, stream, consumer, saved);
			return {evidence: `missing; it ${startWords(start)}`, again: start.again};
		}
	}
}

/** How many messages that were processed the watched consumer may be given once more, at most. */
export async function deliveredAgain(
	connection: NatsConnection,
	place: Place,
	config: Config,
	saved: SavedConsumer,
): Promise<number> {
	const what = await whatIsWrong(connection, config.stream, config.consumer);
	return what.is === 'well' ? 0 : (await prospect(connection, place, config, saved, what)).again;
}
