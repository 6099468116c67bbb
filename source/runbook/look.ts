import {type Deployment, withJetStream} from '../deployment/deployment.ts';
import {toConsumerFacts, toStreamFacts} from '../deployment/jetstream.ts';
import type {Look, StreamLook} from '../records/event.ts';
import type {StreamFacts} from '../state/observation.ts';
import {sanitize} from '../text/sanitize.ts';
import type {ReadContext} from './context.ts';

const maxContainers = 200;
const maxStreams = 50;
const maxConsumers = 100;

/**
Looks at the deployment: containers, the server, its streams, the consumers of the run's own stream. All at once,
and for `deadlineMs` in whole: what has not answered then is named, and nothing waits for it. Never throws.
*/
export async function lookAround(
	{config, deployment}: Pick<ReadContext, 'config' | 'deployment'>,
	deadlineMs: number,
): Promise<Look> {
	const {clock, engine, server} = deployment;
	const started = clock.elapsed();
	const found: Pick<Look, 'containers' | 'server' | 'streams' | 'moreStreams'> = {};
	const ended = new AbortController();
	const failures: string[] = [];
	const waiting = new Set<string>();
	const part = async (
		name: string,
		work: () => Promise<void>,
		describe: (error: unknown) => string | Promise<string>,
	) => {
		waiting.add(name);
		try {
			await work();
		} catch (error) {
			// A failure that the deadline itself has made says nothing.
			if (!ended.signal.aborted) {
				failures.push(await describe(error));
			}
		}
		waiting.delete(name);
	};
	const parts = [
		part(
			'Docker',
			async () => {
				const containers = await engine.containers();
				found.containers = containers
					.slice(0, maxContainers)
					.map(({service, status, health}) => ({service, status, health}))
					.sort((a, b) => (a.service < b.service ? -1 : 1));
			},
			engine.describe,
		),
		part(
			'NATS',
			() => lookAtStreams(deployment, config.stream, deadlineMs, found),
			async (error) => sanitize(await server.describe(error), 300),
		),
	];
	const {monitor} = config.nats;
	if (monitor !== undefined) {
		parts.push(
			part(
				'/healthz',
				async () => {
					const {status, error} = await server.healthz(monitor, ended.signal, deadlineMs);
					ended.signal.throwIfAborted();
					found.server = {healthz: status, ...(error === undefined ? {} : {error})};
				},
				String,
			),
		);
	}
	await Promise.race([Promise.all(parts), clock.delay(deadlineMs, ended.signal)]);
	ended.abort();
	// A copy: what comes late must not change what is written.
	return structuredClone({
		elapsedMs: Math.round(clock.elapsed() - started),
		unanswered: [...failures, ...[...waiting].map((name) => `${name} gave no answer in ${deadlineMs} ms.`)],
		...found,
	});
}

async function lookAtStreams(
	deployment: Deployment,
	stream: string,
	deadlineMs: number,
	found: Pick<Look, 'streams' | 'moreStreams'>,
): Promise<void> {
	await withJetStream(deployment, async (jetstream) => {
		const [all, own, consumers] = await Promise.allSettled([
			jetstream.streams(deadlineMs, 256),
			jetstream.stream(stream, deadlineMs),
			jetstream.consumers(stream, deadlineMs, 256),
		]);
		if (all.status === 'rejected' && own.status === 'rejected') {
			throw all.reason;
		}
		const listed = all.status === 'fulfilled' ? all.value.streams.map((info) => toStreamFacts(info)) : [];
		const first = own.status === 'fulfilled' ? [toStreamFacts(own.value)] : [];
		const others = listed.filter(({name}) => name !== stream).sort((a, b) => (a.name < b.name ? -1 : 1));
		const streams = [...first, ...others].map(toLook);
		if (streams[0]?.name === stream && consumers.status === 'fulfilled') {
			streams[0].consumers = consumers.value.consumers.slice(0, maxConsumers).map((info) => {
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
