// What an onlooker sees of each of the lab's faults, by reading Docker, NATS and the services' pages directly.
import Docker from 'dockerode';
import {type ConsumerInfo, connect, type JetStreamManager, type NatsConnection, type StreamInfo} from 'nats';

export const docker = new Docker();
/** For an engine that does not answer. */
const impatient = new Docker({timeout: 1000});

export const container = (name: string) => docker.getContainer(name).inspect();

/** The status code and text of a page; 0 when nothing answers. */
export async function page(url: string, timeoutMs = 1500): Promise<{status: number; text: string}> {
	try {
		const response = await fetch(url, {signal: AbortSignal.timeout(timeoutMs)});
		return {status: response.status, text: await response.text()};
	} catch {
		return {status: 0, text: ''};
	}
}

export const health = {
	nats: (port = 8222) => page(`http://127.0.0.1:${port}/healthz`),
	brain: () => page('http://127.0.0.1:3100/health'),
	execution: () => page('http://127.0.0.1:8081/health'),
	metrics: () => page('http://127.0.0.1:3002/metrics'),
};

type Varz = {slow_consumers: number; connections: number; max_connections: number; routes: number};
const varz = async (): Promise<Varz> => JSON.parse((await page('http://127.0.0.1:8222/varz')).text) as Varz;

async function withNats<T>(
	work: (nc: NatsConnection, jsm: JetStreamManager) => Promise<T>,
	port = 4222,
): Promise<T> {
	const nc = await connect({
		servers: `127.0.0.1:${port}`,
		timeout: 1500,
		reconnect: false,
		ignoreClusterUpdates: true,
	});
	try {
		return await work(nc, await nc.jetstreamManager({checkAPI: false, timeout: 2000}));
	} finally {
		await nc.close();
	}
}

/** The stream of the services and its consumer. */
export const figures = (port?: number): Promise<{stream: StreamInfo; consumer: ConsumerInfo}> =>
	withNats(
		async (_nc, jsm) => ({
			stream: await jsm.streams.info('TITAN_INTENTS'),
			consumer: await jsm.consumers.info('TITAN_INTENTS', 'execution-consumer'),
		}),
		port,
	);

/** What a failed call says: its JetStream error code, else the client's own, else its words. */
const failure = (call: Promise<unknown>): Promise<string> =>
	call.then(
		() => 'none',
		(error: {code?: string; message: string; api_error?: {err_code: number}}) =>
			`${error.api_error?.err_code ?? error.code ?? ''} ${error.message}`,
	);

const publishing = () =>
	failure(withNats((nc) => nc.jetstream({timeout: 1500}).publish('titan.intents.probe', new Uint8Array(1))));
const asking = (name = 'TITAN_INTENTS', port?: number) =>
	failure(withNats((_nc, jsm) => jsm.streams.info(name), port));
const purging = (keep: number) => failure(withNats((_nc, jsm) => jsm.streams.purge('TITAN_INTENTS', {keep})));
const connecting = () => failure(withNats(async () => undefined));
const status = async (name: string) => (await container(name)).State.Status;
const isAbsent = (name: string) =>
	container(name).then(
		() => false,
		(error: {statusCode?: number}) => error.statusCode === 404,
	);
const hasNoNetwork = async (name: string) =>
	Object.keys((await container(name)).NetworkSettings.Networks).length === 0;
const logs = async (name: string) =>
	String(await docker.getContainer(name).logs({stdout: true, stderr: true, tail: 40}));

/** How often the container was restarted, and other figures from before the fault. */
export type Before = {
	restarts: Record<string, number>;
	slowConsumers: number;
	lastSeq: number;
	firstSeq: number;
	messages: number;
};

const counted = ['titan-nats', 'titan-nats-2', 'titan-nats-3', 'titan-execution'];

/** The figures that a fault is measured by. */
export async function lookBefore(): Promise<Before> {
	const restarts = await Promise.all(
		counted.map(async (name) => [
			name,
			await container(name).then(
				(one) => one.RestartCount,
				() => 0,
			),
		]),
	);
	const {state} = (await figures()).stream;
	return {
		restarts: Object.fromEntries(restarts),
		slowConsumers: (await varz()).slow_consumers,
		lastSeq: state.last_seq,
		firstSeq: state.first_seq,
		messages: state.messages,
	};
}

const restarted = async (name: string, before: Before) =>
	(await container(name)).RestartCount > (before.restarts[name] ?? 0);

/** Whether a fault is to be seen. */
export const symptoms: Record<string, (before: Before) => Promise<boolean>> = {
	'nats-killed': (before) => restarted('titan-nats', before),
	'nats-stopped': async () => (await status('titan-nats')) === 'exited' && (await health.nats()).status === 0,
	'nats-paused': async () => (await status('titan-nats')) === 'paused' && (await health.nats()).status === 0,
	'nats-hung': async () => (await status('titan-nats')) === 'running' && (await health.nats()).status === 0,
	'nats-crash-loop': async (before) => {
		const {State, RestartCount} = await container('titan-nats');
		const loops = RestartCount >= (before.restarts['titan-nats'] ?? 0) + 2 || RestartCount >= 2;
		return loops && State.ExitCode === 1 && (await logs('titan-nats')).includes('nats.conf');
	},
	'nats-oom': async () => {
		const {State, RestartCount, HostConfig} = await container('titan-nats');
		return HostConfig.Memory === 6 * 1024 * 1024 && RestartCount >= 1 && State.OOMKilled;
	},
	'nats-removed': () => isAbsent('titan-nats'),
	'nats-cut-off': async () => (await hasNoNetwork('titan-nats')) && (await health.nats()).status === 0,
	'nats-packets-dropped': async () =>
		!(await hasNoNetwork('titan-nats')) &&
		(await container('titan-nats')).State.Health?.Status === 'healthy' &&
		(await health.nats()).status === 0,
	'port-dead': async () =>
		(await container('titan-nats')).State.Health?.Status === 'healthy' &&
		(await health.nats()).status === 0 &&
		(await connecting()) === 'none',
	'engine-stopped': async () => /ENOENT|ECONNREFUSED/.test(await failure(docker.ping())),
	'engine-killed': async () => /ENOENT|ECONNREFUSED/.test(await failure(docker.ping())),
	'engine-hung': async () =>
		(await failure(impatient.ping())) !== 'none' &&
		/ENOENT|ECONNREFUSED/.test(await failure(impatient.ping())) === false &&
		(await health.nats()).status === 200,
	'disk-full': async () =>
		/no space left/.test((await health.nats()).text) && /TIMEOUT/.test(await publishing()),
	'store-full': async () => /^10023/.test(await publishing()),
	'account-full': async () => /^10002/.test(await publishing()),
	'jetstream-off': async () => (await health.nats()).status === 200 && /^503/.test(await asking()),
	'connections-full': async () => {
		const {connections, max_connections} = await varz();
		return connections === max_connections && /maximum connections/i.test(await connecting());
	},
	'login-required': async () =>
		/authorization violation/i.test(await connecting()) && (await health.brain()).status === 200,
	'credentials-revoked': async () =>
		/authorization violation/i.test(await connecting()) && (await health.brain()).status === 503,
	'permission-revoked': async () =>
		/PERMISSIONS_VIOLATION/.test(await asking()) && (await connecting()) === 'none',
	'brain-down': async () => (await status('titan-brain')) === 'exited' && (await health.brain()).status === 0,
	'execution-removed': () => isAbsent('titan-execution'),
	'execution-oom': (before) => restarted('titan-execution', before),
	'execution-partitioned': async () =>
		(await hasNoNetwork('titan-execution')) &&
		(await health.execution()).status === 0 &&
		(await figures()).consumer.num_pending > 0,
	'execution-memory': async () => {
		const {memory_stats: memory} = await docker.getContainer('titan-execution').stats({stream: false});
		const idle = memory.stats?.total_inactive_file ?? memory.stats?.inactive_file ?? 0;
		return (memory.usage - idle) / memory.limit > 0.9 && (await health.execution()).status === 200;
	},
	'execution-lies': async () => {
		const connections = (await page('http://127.0.0.1:8222/connz')).text;
		return !connections.includes('"titan-execution"') && (await health.execution()).status === 200;
	},
	'brain-unhealthy': async () => {
		const connections = (await page('http://127.0.0.1:8222/connz')).text;
		return connections.includes('"titan-brain"') && (await health.brain()).status === 503;
	},
	'brain-slow': async () => {
		const began = performance.now();
		return (await health.brain()).status === 200 && performance.now() - began > 1000;
	},
	'brain-hangs': async () =>
		(await health.brain()).status === 0 && (await status('titan-brain')) === 'running',
	'brain-garbage': async () => {
		const {status: code, text} = await health.brain();
		return code === 200 && text.includes('\x1b') && (await failure(json(text))) !== 'none';
	},
	'brain-huge': async () => (await page('http://127.0.0.1:3100/health', 8000)).text.length > 100_000_000,
	'metrics-down': async () =>
		(await status('titan-sentinel')) === 'running' && (await health.metrics()).status === 0,
	'metrics-stale': async () => {
		const {text} = await health.metrics();
		const told = Number(/^nats_stream_messages\{.*\} (\d+)$/m.exec(text)?.[1]);
		return (await figures()).stream.state.messages - told > 20;
	},
	'metrics-wrong': async () => {
		const told = Number(/^nats_lag_messages\{.*\} (\d+)$/m.exec((await health.metrics()).text)?.[1]);
		return told > 900_000 && (await figures()).consumer.num_pending < 1000;
	},
	'log-flood': async () => (await logs('titan-brain')).split('"msg":"flood"').length > 30,
	'hostile-logs': async () => (await logs('titan-brain')).includes('\x1b[2J\x1b[H'),
	'hostile-names': async () => {
		const names = await withNats((_nc, jsm) => jsm.streams.names().next());
		return names.some((name) => name.includes('\x1b[31m\u202e'));
	},
	'slow-consumer': async ({slowConsumers}) =>
		(await varz()).slow_consumers > slowConsumers &&
		/Slow Consumer/.test((await page('http://127.0.0.1:8222/connz?state=closed')).text),
	'stream-full': async () => {
		const {state, config} = (await figures()).stream;
		return state.bytes > config.max_bytes * 0.99 && /^10077/.test(await publishing());
	},
	'stream-filling': async () => {
		const {bytes, messages} = (await figures()).stream.state;
		return bytes / messages > 500;
	},
	'stream-dropping': async () => {
		const {stream, consumer} = await figures();
		return stream.config.discard === 'old' && stream.state.first_seq - 1 > consumer.ack_floor.stream_seq;
	},
	'stream-deleted': async () => /^10059/.test(await asking()) && (await health.nats()).status === 200,
	'stream-sealed': async () => /^10109/.test(await publishing()) && /^10109/.test(await purging(1000)),
	'purge-denied': async () => (await publishing()) === 'none' && /^10110/.test(await purging(1000)),
	'purged-by-hand': async ({lastSeq}) => {
		const {first_seq, messages} = (await figures()).stream.state;
		return first_seq > lastSeq + 700 && messages < 500;
	},
	'meta-sum-deleted': async () =>
		/^10059/.test(await asking()) && /could not be recovered/.test((await health.nats()).text),
	'blocks-deleted': async () => ((await figures()).stream.state.num_deleted ?? 0) > 100,
	'msgs-lost': async ({lastSeq}) => {
		const {last_seq, first_seq} = (await figures()).stream.state;
		return last_seq < lastSeq + 500 && first_seq <= 1;
	},
	'consumer-deleted': async () => /^10014/.test(await failure(figures())),
	'consumer-ahead': async () => {
		const {consumer, stream} = await figures();
		return consumer.ack_floor.stream_seq > stream.state.last_seq;
	},
	'consumer-paused': async () => {
		const {paused, num_pending} = (await figures()).consumer;
		return paused === true && num_pending > 0;
	},
	'consumer-stalled': async () => {
		const {num_ack_pending, num_pending, config} = (await figures()).consumer;
		return (
			num_ack_pending === config.max_ack_pending &&
			num_pending > 500 &&
			(await health.execution()).status === 200
		);
	},
	'consumer-slow': async () => {
		const {num_pending, num_ack_pending} = (await figures()).consumer;
		return num_pending > 20 && num_ack_pending <= 2;
	},
	'consumer-max-deliveries': async () => {
		const {num_redelivered, config} = (await figures()).consumer;
		return config.max_deliver === 3 && num_redelivered >= 60;
	},
	'redelivery-storm': async () => {
		const {num_redelivered, num_ack_pending, delivered} = (await figures()).consumer;
		return num_redelivered >= 200 && num_ack_pending >= 200 && delivered.consumer_seq > delivered.stream_seq;
	},
	'nobody-pulling': async () => {
		const {num_waiting, num_pending} = (await figures()).consumer;
		return num_waiting === 0 && num_pending > 0 && (await health.execution()).status === 200;
	},
	'publisher-silent': async () => {
		const {last_seq} = (await figures()).stream.state;
		await new Promise((resolve) => setTimeout(resolve, 1000));
		return (await figures()).stream.state.last_seq === last_seq && (await health.brain()).status === 200;
	},
	'consumers-many': async () =>
		(await withNats((_nc, jsm) => jsm.streams.info('LAB_MANY'))).state.consumer_count === 1500,
	'mirror-behind': async () => {
		const {mirror} = await withNats((_nc, jsm) => jsm.streams.info('LAB_MIRROR'));
		return /^10059/.test(await asking(mirror?.name));
	},
	'source-behind': async () => {
		const {sources = []} = await withNats((_nc, jsm) => jsm.streams.info('LAB_ALL'));
		const asked = await Promise.all(sources.map(({name}) => asking(name)));
		return asked.filter((answer) => /^10059/.test(answer)).length === 1;
	},
	'node-down': async () => (await status('titan-nats-3')) === 'exited' && (await isBehind('titan-nats-3')),
	'node-removed': async () => (await isAbsent('titan-nats-2')) && (await isBehind('titan-nats-2')),
	'node-frozen': async () =>
		(await status('titan-nats-3')) === 'paused' && (await health.nats(8224)).status === 0,
	'node-partitioned': async () =>
		(await health.nats(8224)).status === 503 &&
		(await health.nats(8222)).status === 200 &&
		(await isBehind('titan-nats-3')),
	// who led the stream still answers for it, and says that nobody leads
	'quorum-lost': async () =>
		(await health.nats()).status === 503 &&
		/^10008/.test(await failure(withNats((_nc, jsm) => jsm.getAccountInfo()))) &&
		(await publishing()) !== 'none',
	'leader-killed': async (before) => {
		const names = ['titan-nats', 'titan-nats-2', 'titan-nats-3'];
		return (await Promise.all(names.map((name) => restarted(name, before)))).filter(Boolean).length === 1;
	},
	'r1-stream-offline': async () =>
		/TIMEOUT|10118/.test(await asking('LAB_SINGLE')) && (await asking()) === 'none',
	// The one that is left answers for it, and says that nobody leads.
	'stream-leaderless': async () =>
		(await asking('LAB_PAIR')) !== 'none' || (await leaderOf('LAB_PAIR')) === undefined,
	'cluster-name-differs': async () =>
		(await clusterOf(8224)) === 'other' && (await clusterOf(8222)) === 'titan',
};

const leaderOf = (stream: string): Promise<string | undefined> =>
	withNats(async (_nc, jsm) => (await jsm.streams.info(stream)).cluster?.leader);

const clusterOf = async (port: number): Promise<string | undefined> =>
	JSON.parse((await page(`http://127.0.0.1:${port}/varz`)).text).cluster?.name;

const json = async (text: string): Promise<unknown> => JSON.parse(text);

/** Whether the services' stream says that its replica on that server does not follow. One that was killed is not `offline`. */
async function isBehind(name: string): Promise<boolean> {
	const {cluster} = await withNats((_nc, jsm) => jsm.streams.info('TITAN_INTENTS'));
	return cluster?.replicas?.find((replica) => replica.name === name)?.current === false;
}
