import {setTimeout as sleep} from 'node:timers/promises';
import type {ConsumerInfo, JetStreamManager, NatsConnection, NatsError, StreamInfo} from 'nats';
import type {Scene} from '../faults/fault.ts';
import type {Place} from '../place.ts';
import {DURABLE, STREAM, waitJetStream, withNats} from '../project/stream.ts';
import {serversOf, topologyOf} from '../project/topology.ts';
import {LabError} from '../run.ts';
import {consumerConfig, streamConfig} from '../services/configs.ts';
import {POISON} from '../services/settings.ts';
import {turnAllOff, turnOn} from './switches.ts';
import {page, until} from './wait.ts';

/** Streams whose names begin so are faults', and are deleted by mend. */
export const EXTRA = 'LAB_';
/** Messages that mend leaves in a stream that was too full. */
const KEPT = 100;
const RECREATED_MS = 10_000;
const CLEARED_MS = 1000;
/** The services that make the stream and its consumer where they are missing. */
export const MAKERS = ['titan-brain', 'titan-execution', 'titan-scavenger'] as const;
const ELECTED_MS = 30_000;
const SETTLED_MS = 15_000;
/** A stream that was sealed, or may not be purged, can't be unsealed: it is made anew. */
const MADE_ANEW = ['sealed', 'deny_purge', 'deny_delete'] as const;
const UPDATED = ['discard', 'max_bytes', 'max_msgs', 'max_age', 'num_replicas'] as const;

/** Publishes `count` messages of `bytes` bytes to a subject of a stream. @throws LabError with the server's refusal */
export async function publishMany(
	nc: NatsConnection,
	subject: string,
	count: number,
	bytes = 100,
): Promise<void> {
	const js = nc.jetstream({timeout: 10_000});
	const body = new Uint8Array(bytes).fill(120);
	// no more than some megabytes under way at once
	const atOnce = Math.max(1, Math.min(500, Math.floor(8_000_000 / bytes)));
	for (let sent = 0; sent < count; sent += atOnce) {
		const results = await Promise.allSettled(
			Array.from({length: Math.min(atOnce, count - sent)}, () => js.publish(subject, body)),
		);
		const refused = results.find((result) => result.status === 'rejected');
		if (refused) {
			const {api_error: api, message} = refused.reason as NatsError;
			throw new LabError(`Publishing to ${subject} failed: ${api?.description ?? message}.`);
		}
	}
}

/**
 * The JetStream error code with which one message to a subject is refused; 0 when it is taken.
 * @throws when there is no answer
 */
export async function refusal(nc: NatsConnection, subject: string, bytes = 100): Promise<number> {
	try {
		await nc.jetstream({timeout: 2000}).publish(subject, new Uint8Array(bytes));
		return 0;
	} catch (error) {
		const code = (error as NatsError).api_error?.err_code;
		if (code === undefined) throw error;
		return code;
	}
}

/** One request to the JetStream API, for what the client library cannot say. @throws LabError with the server's refusal */
export async function api(nc: NatsConnection, subject: string, body: unknown): Promise<unknown> {
	const answer = await nc.request(`$JS.API.${subject}`, JSON.stringify(body), {timeout: 5000});
	const value = answer.json() as {error?: {description: string}};
	if (value.error) throw new LabError(`${subject} was refused: ${value.error.description}.`);
	return value;
}

/** Makes titan-execution ask for nothing; ends when the server has no request of it any more. */
export async function pullNothing(scene: Scene, jsm: JetStreamManager): Promise<void> {
	await turnOn(scene, 'titan-execution', 'pull-nothing');
	await until('A consumer that nobody asks', async () => (await consumerInfo(jsm))?.num_waiting === 0);
}

/** Brings the streams and the consumer to what the services make of them; the services must be able to make them. */
export async function restoreStream(scene: Scene): Promise<void> {
	const deadline = Date.now() + SETTLED_MS;
	for (;;) {
		await waitJetStream(scene.place);
		if (topologyOf(scene.place) === 'cluster') await waitLeader(scene.place);
		try {
			await withNats(scene.place, async (nc, jsm) => {
				await dropExtra(nc, jsm);
				await mendStream(scene, jsm);
				await mendConsumer(scene, nc, jsm);
			});
			return;
		} catch (error) {
			// a server that has just started may refuse in the next moment what it answered in this one
			if (error instanceof LabError || Date.now() > deadline) throw error;
			await sleep(500);
		}
	}
}

/** After an election the servers answer before they know who leads what. */
async function waitLeader(place: Place): Promise<void> {
	await until(
		'A cluster that agrees on its leaders',
		() =>
			withNats(place, async (_nc, jsm) => {
				const pages = await Promise.all(serversOf(place).map(({monitor}) => page(monitor, '/healthz')));
				const groups = [await streamInfo(jsm), await consumerInfo(jsm)];
				const isLed = groups.every((info) => info === undefined || info.cluster?.leader);
				return isLed && pages.every(({status}) => status === 200);
			}),
		ELECTED_MS,
	);
}

async function dropExtra(nc: NatsConnection, jsm: JetStreamManager): Promise<void> {
	const names = await jsm.streams.names().next();
	// raw: the library refuses the names that the server has taken
	for (const name of names.filter((one) => one.startsWith(EXTRA))) await api(nc, `STREAM.DELETE.${name}`, {});
}

async function mendStream(scene: Scene, jsm: JetStreamManager): Promise<void> {
	const {place, progress} = scene;
	const wanted = streamConfig(topologyOf(place) === 'cluster' ? 3 : 1);
	let info = await streamInfo(jsm);
	if (info && MADE_ANEW.some((name) => info?.config[name])) {
		progress(`deleting ${STREAM}: it cannot be unsealed`);
		await deleteAlone(scene, () => jsm.streams.delete(STREAM));
		info = undefined;
	}
	const missing = info === undefined;
	const deadline = Date.now() + RECREATED_MS;
	// the services make it, and take its messages up again where they are still there
	while (info === undefined) {
		if (Date.now() > deadline)
			throw new LabError(`No service makes ${STREAM} anew: look at "docker compose logs".`);
		await sleep(100);
		info = await streamInfo(jsm);
	}
	const {config, state} = info;
	// an update also writes the stream's record, which taking its messages up again does not
	if (missing || UPDATED.some((name) => config[name] !== wanted[name]))
		await jsm.streams.update(STREAM, wanted);
	if (state.num_deleted || (await isPoisoned(jsm))) {
		progress(`purging ${STREAM}`);
		await jsm.streams.purge(STREAM);
	} else if (state.bytes > wanted.max_bytes / 2) {
		progress(`purging ${STREAM} down to ${KEPT} messages`);
		await jsm.streams.purge(STREAM, {keep: KEPT});
	}
}

/** Whether the stream holds messages that nobody will ever acknowledge. */
async function isPoisoned(jsm: JetStreamManager): Promise<boolean> {
	const {state} = await jsm.streams.info(STREAM, {subjects_filter: POISON});
	return Object.keys(state.subjects ?? {}).length > 0;
}

async function mendConsumer(scene: Scene, nc: NatsConnection, jsm: JetStreamManager): Promise<void> {
	const info = await consumerInfo(jsm);
	if (!info) return;
	if (info.paused) await api(nc, `CONSUMER.PAUSE.${STREAM}.${DURABLE}`, {});
	const {max_deliver} = consumerConfig();
	if (info.config.max_deliver !== max_deliver) await jsm.consumers.update(STREAM, DURABLE, {max_deliver});
	const {last_seq} = (await jsm.streams.info(STREAM)).state;
	if (Math.max(info.ack_floor.stream_seq, info.delivered.stream_seq) > last_seq)
		await makeConsumerAnew(scene, jsm);
}

/** For a consumer that is ahead of its stream, and gets nothing until the stream has caught up. */
async function makeConsumerAnew(scene: Scene, jsm: JetStreamManager): Promise<void> {
	scene.progress(`deleting ${DURABLE}: titan-execution makes it anew`);
	await deleteAlone(scene, () => jsm.consumers.delete(STREAM, DURABLE));
}

/**
 * Deletes a stream or a consumer that no service may make anew at once: the server clears the folder of the old one
 * away a little later, and with it that of the new one.
 */
async function deleteAlone(scene: Scene, remove: () => Promise<boolean>): Promise<void> {
	for (const name of MAKERS) await turnOn(scene, name, 'create-nothing');
	await remove();
	await sleep(CLEARED_MS);
	await turnAllOff(scene);
}

const NOT_FOUND = new Set([10059, 10014]);

/** Undefined where there is no such stream. */
export const streamInfo = (jsm: JetStreamManager): Promise<StreamInfo | undefined> =>
	jsm.streams.info(STREAM).catch(orUndefined);

/** Undefined where there is no such consumer or stream. */
export const consumerInfo = (jsm: JetStreamManager): Promise<ConsumerInfo | undefined> =>
	jsm.consumers.info(STREAM, DURABLE).catch(orUndefined);

function orUndefined(error: NatsError): undefined {
	if (NOT_FOUND.has(error.api_error?.err_code ?? 0)) return undefined;
	throw error;
}
