import {type JetStream, markOf} from '../../deployment/jetstream.ts';
import type {SavedStream} from '../../records/saved-configs.ts';
import type {CheckResult} from '../../state/run.ts';
import {formatCount, plural} from '../../text/count.ts';
import {aheadBy, isKnown, known, startOf, startWords} from '../consumers/recreate-consumers.ts';
import type {ReadContext} from '../context.ts';
import {askJetStream} from './jetstream.ts';
import {judgeMissingStream, unsavedConsumer} from './missing.ts';
import {checkCreate} from './permissions.ts';
import {streamNames} from './stream.ts';

type SavedConsumer = SavedStream['consumers'][string];

type Answer = {checks: CheckResult[]; again?: number};

/**
Whether the watched consumer is gone and can be created again, and where it would begin; or can be moved, because a run has not
done it yet, or because it is ahead of its stream. Never throws.

@param isRunning - The run itself asks: a consumer that its service has made meanwhile is no reason to fail.
*/
export const checkConsumer = (context: ReadContext, isRunning: boolean): Promise<Answer> =>
	askJetStream(context, (jetstream) => look(jetstream, context, isRunning));

async function look(jetstream: JetStream, context: ReadContext, isRunning: boolean): Promise<Answer> {
	const {config, records} = context;
	const {stream, consumer: name} = config;
	const answer = (ok: boolean, evidence: string): Answer => ({checks: [{name, ok, evidence}]});
	if (!(await isKnown(() => jetstream.stream(stream)))) {
		const isSaved = records.savedStream(stream) !== undefined;
		const others = isSaved ? [] : await streamNames(jetstream);
		return {checks: [judgeMissingStream({name: stream, others, isSaved}, false)]};
	}
	const saved = records.savedStream(stream)?.consumers[name];
	const what = await whatIsWrong(jetstream, context, stream, name);
	if (what.is === 'well') {
		return answer(
			isRunning,
			`${name} is there, so there is nothing to recreate. Where it does not move, restart the service that reads it (S).`,
		);
	}
	if (saved === undefined) {
		const others = await jetstream.consumers(stream).then(
			({consumers}) => consumers.map((one) => one.name),
			() => [],
		);
		return answer(false, unsavedConsumer({name, others: others.filter((one) => one !== name)}));
	}
	const {evidence, again} = await prospect(jetstream, context, saved, what);
	return {
		checks: [{name, ok: true, evidence}, await checkCreate(jetstream, stream, name)],
		again,
	};
}

type Wrong =
	| {is: 'well'}
	| {is: 'missing'}
	/** A run has made it and not moved it yet. */
	| {is: 'unmoved'; after: number}
	| {is: 'ahead'; by: number};

async function whatIsWrong(
	jetstream: JetStream,
	{deployment}: ReadContext,
	stream: string,
	name: string,
): Promise<Wrong> {
	const there = await known(() => jetstream.consumer(stream, name));
	if (!there) {
		return {is: 'missing'};
	}
	const after = markOf(there.config.metadata);
	if (after !== undefined) {
		return {is: 'unmoved', after};
	}
	const by = await aheadBy(jetstream, deployment.clock, stream, there);
	return by > 0 ? {is: 'ahead', by} : {is: 'well'};
}

/** What would be done about it, and how many messages that were processed would be delivered once more, at most. */
async function prospect(
	jetstream: JetStream,
	context: ReadContext,
	saved: SavedConsumer,
	what: Exclude<Wrong, {is: 'well'}>,
): Promise<{evidence: string; again: number}> {
	const {stream, consumer} = context.config;
	switch (what.is) {
		case 'unmoved':
			return {
				evidence: `made anew by a run that ended before it had moved it; it is moved behind sequence ${formatCount(what.after)}`,
				again: 0,
			};
		case 'ahead':
			return {
				evidence: `${plural(what.by, 'message')} ahead of ${stream}; it is moved to the first one that there is: all are delivered, processed or not`,
				again: (await jetstream.stream(stream)).state.messages,
			};
		case 'missing': {
			const start = await startOf(jetstream, context, stream, consumer, saved);
			return {evidence: `missing; it ${startWords(start)}`, again: start.again};
		}
	}
}

/** How many messages that were processed the watched consumer may be given once more, at most. */
export async function deliveredAgain(
	jetstream: JetStream,
	context: ReadContext,
	saved: SavedConsumer,
): Promise<number> {
	const {stream, consumer} = context.config;
	const what = await whatIsWrong(jetstream, context, stream, consumer);
	return what.is === 'well' ? 0 : (await prospect(jetstream, context, saved, what)).again;
}
