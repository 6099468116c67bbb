import {isCluster} from '../../config/nodes.ts';
import {ErrorCode, type JetStream, JetStreamError, toStreamFacts} from '../../deployment/jetstream.ts';
import type {StreamFacts} from '../../state/observation.ts';
import type {CheckResult} from '../../state/run.ts';
import {formatBytes} from '../../text/bytes.ts';
import {plural} from '../../text/count.ts';
import type {ReadContext} from '../context.ts';
import {askJetStream} from './jetstream.ts';
import {judgeMissingStream} from './missing.ts';
import type {Wanted} from './needs.ts';
import {checkPermissions} from './permissions.ts';

type Answer = {checks: CheckResult[]; stream?: StreamFacts | undefined};

/** Whether JetStream is on, the stream can be purged, and these credentials may do it. Never throws. */
export async function checkStream(context: ReadContext, needs: Wanted): Promise<Answer> {
	return askJetStream(context, async (jetstream) => {
		const {checks, stream} = await readStream(jetstream, context, needs);
		const isMissing = isAnyMissing(context, stream);
		return {
			checks: [...checks, ...(await checkPermissions(jetstream, needs, context.config, isMissing))],
			stream,
		};
	});
}

async function readStream(
	jetstream: JetStream,
	{config, records}: ReadContext,
	{recreates}: Wanted,
): Promise<Answer> {
	const name = config.stream;
	try {
		const info = await jetstream.stream(name);
		const {consumers, missing} = await jetstream.consumers(name);
		const stream = toStreamFacts(info, consumers);
		return {checks: [judgeStream(stream, missing)], stream};
	} catch (error) {
		if (!(error instanceof JetStreamError && error.errCode === ErrorCode.streamNotFound)) {
			return {
				checks: [
					{
						name,
						ok: false,
						evidence: `${name} does not answer: ${(error as Error).message}.${isCluster(config) ? ' Where the servers that keep it are down, run restart (R) first, then this.' : ''}`,
					},
				],
			};
		}
		const isSaved = records.savedStream(name) !== undefined;
		const others = isSaved ? [] : await streamNames(jetstream);
		return {checks: [judgeMissingStream({name, others, isSaved}, recreates)]};
	}
}

/** The streams that there are, for a name that may be mistyped. Never throws. */
export const streamNames = (jetstream: JetStream): Promise<string[]> =>
	jetstream.streams().then(
		({streams}) => streams.map(({config}) => config.name),
		() => [],
	);

/** Whether a recovery would have something to create now: the stream, its consumer, another one that was saved. */
function isAnyMissing({config, records}: ReadContext, stream: StreamFacts | undefined): boolean {
	const there = new Set(stream?.consumers?.map(({name}) => name));
	const saved = records.savedStream(config.stream)?.consumers ?? {};
	return stream === undefined || [config.consumer, ...Object.keys(saved)].some((name) => !there.has(name));
}

/** Why nothing is purged while servers that keep a consumer are away. */
export const unanswered = (consumers: readonly string[]): string =>
	`Nobody answers for ${consumers.join(', ')}, so it can't be told what a purge would take from ${consumers.length === 1 ? 'it' : 'them'}. Start the servers that keep ${consumers.length === 1 ? 'it' : 'them'} first, with restart (R).`;

/**
Whether the servers would purge the stream at all, and it can be told what would go.

@param missing - Consumers that are there and that nobody answers for.
*/
export function judgeStream(stream: StreamFacts, missing: readonly string[] = []): CheckResult {
	const {name, sealed, denyPurge, messages, bytes, cluster} = stream;
	const refusal = sealed
		? `${name} is sealed: the server refuses every purge of it.`
		: denyPurge
			? `${name} has deny_purge: the server refuses every purge of it, and that can't be unset.`
			: cluster && cluster.leader === undefined
				? `${name} has no leader, so nobody can purge it. Start the servers that keep it first, with restart (R).`
				: missing.length > 0
					? unanswered(missing)
					: undefined;
	return {
		name,
		ok: refusal === undefined,
		evidence: refusal ?? `${plural(messages, 'message')}, ${formatBytes(bytes)}, can be purged`,
	};
}
