import {describeDockerError} from '../clients/docker/errors.ts';
import {describeNatsError} from '../clients/nats/connection.ts';
import {listConsumers, listStreams, streamInfo} from '../clients/nats/jetstream.ts';
import {readHealthz} from '../clients/nats/monitor.ts';
import {natsOptions} from '../clients/nats/options.ts';
import {toConsumerFacts, toStreamFacts} from '../clients/nats/schema.ts';
import type {Look, StreamLook} from '../records/event.ts';
import type {StreamFacts} from '../state/observation.ts';
import {sanitize} from '../text/sanitize.ts';
import {type ReadContext, withNats} from './context.ts';

const maxContainers = 200;
const maxStreams = 50;
const maxConsumers = 100;

/**
Looks at the deployment: containers, the server, its streams, the consumers of the run's own stream. All at once,
and for `deadlineMs` in whole: what has not answered then is named, and nothing waits for it. Never throws.
*/
export async function lookAround(
	read: Pick<ReadContext, 'config' | 'env' | 'docker'>,
	deadlineMs: number,
): Promise<Look> {
	const started = performance.now();
	const {config, docker} = read;
	const found: Pick<Look, 'containers' | 'server' | 'streams' | 'moreStreams'> = {};
	const ended = new AbortController();
	const failures: string[] = [];
	const waiting = new Set<string>();
	const part = async (name: string, work: () => Promise<void>, describe: (error: unknown) => string) => {
		waiting.add(name);
		try {
			await work();
		} catch (error) {
			// A failure that the deadline itself has made says nothing.
			if (!ended.signal.aborted) {
				failures.push(describe(error));
			}
		}
		waiting.delete(name);
	};
	const parts = [
		part(
			'Docker',
			async () => {
				const containers = await docker.list(config.docker.project);
				found.containers = containers
					.slice(0, maxContainers)
					.map(({service, status, health}) => ({service, status, health}))
					.sort((a, b) => (a.service < b.service ? -1 : 1));
			},
			(error) => describeDockerError(error, docker.endpoint),
		),
		part('NATS', () => lookAtStreams(read, deadlineMs, found), natsFailure(read)),
	];
	const {monitor} = config.nats;
	if (monitor !== undefined) {
		parts.push(
			part(
				'/healthz',
				async () => {
					const {status, error} = await readHealthz(monitor, ended.signal, deadlineMs);
					ended.signal.throwIfAborted();
					found.server = {healthz: status, ...(error === undefined ? {} : {error})};
				},
				String,
			),
		);
	}
	let timer: NodeJS.Timeout | undefined;
	await Promise.race([
		Promise.all(parts),
		new Promise<void>((resolve) => {
			timer = setTimeout(resolve, deadlineMs);
		}),
	]);
	clearTimeout(timer);
	ended.abort();
	// A copy: what comes late must not change what is written.
	return structuredClone({
		elapsedMs: Math.round(performance.now() - started),
		unanswered: [...failures, ...[...waiting].map((name) => `${name} gave no answer in ${deadlineMs} ms.`)],
		...found,
	});
}

async function lookAtStreams(
	read: Pick<ReadContext, 'config' | 'env'>,
	deadlineMs: number,
	found: Pick<Look, 'streams' | 'moreStreams'>,
): Promise<void> {
	const {stream} = read.config;
	await withNats(read, async (connection) => {
		const [all, own, consumers] = await Promise.allSettled([
			listStreams(connection, deadlineMs, 256),
			streamInfo(connection, stream, deadlineMs),
			listConsumers(connection, stream, deadlineMs, 256),
		]);
		if (all.status === 'rejected' && own.status === 'rejected') {
			throw all.reason;
		}
		const listed = all.status === 'fulfilled' ? all.value.map((info) => toStreamFacts(info)) : [];
		const first = own.status === 'fulfilled' ? [toStreamFacts(own.value)] : [];
		const others = listed.filter(({name}) => name !== stream).sort((a, b) => (a.name < b.name ? -1 : 1));
		const streams = [...first, ...others].map(toLook);
		if (streams[0]?.name === stream && consumers.status === 'fulfilled') {
			streams[0].consumers = consumers.value.slice(0, maxConsumers).map((info) => {
				const {name, lag, ackPending, ackFloorStreamSeq, redelivered} = toConsumerFacts(info);
				return {name, lag, ackPending, floor: ackFloorStreamSeq, redelivered};
			});
		}
		found.streams = streams.slice(0, maxStreams);
		if (streams.length > maxStreams) {
			found.moreStreams = streams.length - maxStreams;
		}
	});
}

const toLook = ({name, messages, bytes, firstSeq, lastSeq}: StreamFacts): StreamLook => ({
	name,
	messages,
	bytes,
	firstSeq,
	lastSeq,
});

/** Where NATS is, without credentials. Never throws. */
export const shownNats = ({config, env}: Pick<ReadContext, 'config' | 'env'>): Promise<string> =>
	natsOptions(config.nats, env).then(
		({shownUrl}) => shownUrl,
		() => `the service ${config.nats.service}`,
	);

const natsFailure =
	({config}: Pick<ReadContext, 'config'>) =>
	(error: unknown): string =>
		sanitize(describeNatsError(error, config.nats.service), 300);
