import type {NatsConnection} from 'nats';
import {describeNatsError} from '../../clients/nats/connection.ts';
import {
	accountInfo,
	ErrorCode,
	JetStreamError,
	listConsumers,
	NoAnswerError,
	streamInfo,
} from '../../clients/nats/jetstream.ts';
import {natsOptions} from '../../clients/nats/options.ts';
import {toStreamFacts} from '../../clients/nats/schema.ts';
import type {StreamFacts} from '../../state/observation.ts';
import type {CheckResult} from '../../state/run.ts';
import {formatBytes} from '../../text/bytes.ts';
import {plural} from '../../text/count.ts';
import {readConfigs} from '../configs.ts';
import {type ReadContext, withNats} from '../context.ts';
import type {Wanted} from './needs.ts';
import {checkPermissions} from './permissions.ts';
import {restartFirst} from './server.ts';

type Answer = {checks: CheckResult[]; stream?: StreamFacts | undefined};

/** Whether JetStream is on, the stream can be purged, and these credentials may do it. Never throws. */
export async function checkStream(context: ReadContext, needs: Wanted): Promise<Answer> {
	const {config, env} = context;
	try {
		return await withNats({config, env}, async (connection) => {
			const off = await checkJetStream(connection);
			if (off.some(({ok}) => !ok)) {
				return {checks: off};
			}
			const {checks, stream} = await readStream(connection, context, needs);
			const isMissing = isAnyMissing(context, stream);
			return {
				checks: [...off, ...checks, ...(await checkPermissions(connection, needs, config, isMissing))],
				stream,
			};
		});
	} catch (error) {
		const {shownUrl} = await natsOptions(config.nats, env).catch(() => ({shownUrl: config.nats.service}));
		return {
			checks: [{name: 'NATS', ok: false, evidence: `${describeNatsError(error, shownUrl)} ${restartFirst}`}],
		};
	}
}

// JetStream is not enabled: for this account, on this server.
const offCodes = [10039, 10076];

async function checkJetStream(connection: NatsConnection): Promise<CheckResult[]> {
	const name = 'JetStream';
	const off =
		'A restart does not turn it on: look at jetstream in the configuration of the server and account';
	try {
		const {streams} = await accountInfo(connection);
		return [{name, ok: true, evidence: `on, ${plural(streams, 'stream')}`}];
	} catch (error) {
		if (error instanceof JetStreamError) {
			const evidence = offCodes.includes(error.errCode)
				? `JetStream is off for this account (${error.errCode}). ${off}.`
				: `JetStream refuses: ${error.message}. ${restartFirst}`;
			return [{name, ok: false, evidence}];
		}
		if (error instanceof NoAnswerError && error.reason === 'no-responders') {
			return [
				{name, ok: false, evidence: `JetStream is off on this server: nobody answers its API. ${off}.`},
			];
		}
		if (error instanceof NoAnswerError && error.reason === 'denied') {
			const evidence =
				'These credentials may not ask JetStream anything. Use others, in the configuration under nats.';
			return [{name, ok: false, evidence}];
		}
		return [
			{
				name,
				ok: false,
				evidence: `JetStream does not answer: ${(error as Error).message}. ${restartFirst}`,
			},
		];
	}
}

async function readStream(
	connection: NatsConnection,
	{config, place}: ReadContext,
	{recreates}: Wanted,
): Promise<Answer> {
	const name = config.stream;
	try {
		const stream = toStreamFacts(await streamInfo(connection, name), await listConsumers(connection, name));
		return {checks: [judgeStream(stream)], stream};
	} catch (error) {
		if (!(error instanceof JetStreamError && error.errCode === ErrorCode.streamNotFound)) {
			return {
				checks: [{name, ok: false, evidence: `${name} does not answer: ${(error as Error).message}`}],
			};
		}
		const ok = recreates && readConfigs(place.configs).streams[name] !== undefined;
		const evidence = ok
			? `the server does not know ${name}; it will be created from its saved configuration`
			: `The server does not know ${name}${recreates ? ', and no configuration of it was ever saved here' : '. Run full recovery (F)'}.`;
		return {checks: [{name, ok, evidence}]};
	}
}

/** Whether a recovery would have something to create now: the stream, its consumer, another one that was saved. */
function isAnyMissing({config, place}: ReadContext, stream: StreamFacts | undefined): boolean {
	const there = new Set(stream?.consumers?.map(({name}) => name));
	const saved = readConfigs(place.configs).streams[config.stream]?.consumers ?? {};
	return stream === undefined || [config.consumer, ...Object.keys(saved)].some((name) => !there.has(name));
}

/** Whether the server would purge the stream at all. */
export function judgeStream(stream: StreamFacts): CheckResult {
	const {name, sealed, denyPurge, messages, bytes} = stream;
	const refusal = sealed
		? `${name} is sealed: the server refuses every purge of it.`
		: denyPurge
			? `${name} has deny_purge: the server refuses every purge of it, and that can't be unset.`
			: undefined;
	return {
		name,
		ok: refusal === undefined,
		evidence: refusal ?? `${plural(messages, 'message')}, ${formatBytes(bytes)}, can be purged`,
	};
}
