import type {NatsConnection} from '../clients/nats/connection.ts';
import {describeNatsError} from '../clients/nats/connection.ts';
import {natsOptions} from '../clients/nats/options.ts';
import {connectSystem, pingHealth, pingViews} from '../clients/nats/system.ts';
import {isCluster, nodesOf} from '../config/nodes.ts';
import type {Config} from '../config/schema.ts';
import {remoteOf} from '../state/cluster.ts';
import type {Emit} from '../state/observation.ts';
import {own} from '../state/record.ts';
import type {DeploymentState} from '../state/types.ts';
import {redact} from '../text/redact.ts';
import {sanitize} from '../text/sanitize.ts';
import {Backoff, pause, poll} from './loop.ts';

const everyMs = 1000;
const viewEverySweeps = 3;
/** A server answers within milliseconds; one that is this late is asked again. */
const answerMs = 400;
/** So many questions in a row it must leave without an answer: one may be lost. */
const missesAway = 2;
/** So many later it is not coming back: a server that was taken out, or has another name now. */
const forgottenAfter = 15 * 60;
/** Who said that it goes answers for so long at most. */
const goingMs = 3000;

type Options = {config: Config; env: NodeJS.ProcessEnv; state: () => DeploymentState};

/**
Watches the servers of the cluster through the system account: those that the configuration does not name, and so have no
monitoring port here. Each is asked for its health each second, and told of at once where it says that it shuts down.
It connects anew for ever. Never throws.
*/
export async function watchSystem(options: Options, emit: Emit, signal: AbortSignal): Promise<void> {
	const {config, env} = options;
	const backoff = new Backoff(500, 10_000);
	while (!signal.aborted) {
		try {
			const connection = await connectSystem(config.nats, env);
			if (signal.aborted) {
				await connection.close();
				return;
			}
			backoff.reset();
			await watchConnection(connection, options, emit, signal);
		} catch (error) {
			const {shownUrl} = await natsOptions(config.nats, env).catch(() => ({shownUrl: config.nats.service}));
			const text = `system account: ${describeNatsError(error, shownUrl)}`;
			emit({kind: 'source', source: 'system', status: 'down', error: text, at: Date.now()});
		}
		await pause(backoff.nextMs, signal);
	}
}

async function watchConnection(
	connection: NatsConnection,
	{config, state}: Options,
	emit: Emit,
	signal: AbortSignal,
): Promise<void> {
	const ended = new AbortController();
	const stop = (): void => {
		ended.abort();
		void connection.close().catch(() => {});
	};
	signal.addEventListener('abort', stop, {once: true});
	// Those that were known before the connection was lost are missed, too.
	const misses = new Map(remoteOf(state().nats.nodes).map(({service}) => [service, 0]));
	/** When each said that it goes: it answers for a moment more. */
	const goingSince = new Map<string, number>();
	void watchShutdowns(connection, (name) => {
		// Every server of a super-cluster is heard of.
		if (!misses.has(name)) {
			return;
		}
		goingSince.set(name, performance.now());
		emitAway(name, 'it said that it shuts down', true);
	});
	let sweep = 0;
	void poll(everyMs, ended.signal, async () => {
		try {
			await ask();
			emit({kind: 'source', source: 'system', status: 'up', at: Date.now()});
		} catch (error) {
			if (!ended.signal.aborted) {
				const text = redact(sanitize(`system account: ${(error as Error).message}`, 200));
				emit({kind: 'source', source: 'system', status: 'down', error: text, at: Date.now()});
			}
		}
	});
	const error = await connection.closed();
	signal.removeEventListener('abort', stop);
	ended.abort();
	if (error) {
		throw error;
	}

	async function ask(): Promise<void> {
		const answers = await pingHealth(connection, answerMs);
		if (answers.length === 0 || ended.signal.aborted) {
			// Not even the one that it is connected to: that is no word of the others.
			throw new Error('no server answers');
		}
		for (const {name, healthz} of answers.filter((answer) => !isGoing(answer.name))) {
			misses.set(name, 0);
			tell(name, (node) => emit({kind: 'node', ...node, ...healthz, at: Date.now()}));
		}
		for (const [name, count] of misses) {
			if (!answers.some((answer) => answer.name === name)) {
				misses.set(name, count + 1);
				if (count >= forgottenAfter) {
					// It is no server of this cluster any more.
					misses.delete(name);
					continue;
				}
				const said = goingSince.has(name);
				if (count + 1 >= missesAway || said) {
					emitAway(name, said ? 'it said that it shuts down' : 'no answer through the system account', said);
				}
			} else if (!isGoing(name)) {
				goingSince.delete(name);
			}
		}
		if (sweep++ % viewEverySweeps === 0) {
			for (const {name, view, varz, jsz} of await pingViews(connection, answerMs)) {
				tell(name, ({service}) => {
					const at = Date.now();
					emit({kind: 'node-view', service, view, at});
					emit({kind: 'varz', service, varz, at});
					emit({kind: 'jsz', service, jsz, at});
				});
			}
		}
	}

	function isGoing(name: string): boolean {
		return performance.now() - (goingSince.get(name) ?? Number.NEGATIVE_INFINITY) < goingMs;
	}

	function emitAway(name: string, error: string, said = false): void {
		tell(name, (node) =>
			emit({
				kind: 'node',
				...node,
				status: 'unreachable',
				...(said && {left: true}),
				error,
				elapsedMs: 0,
				at: Date.now(),
			}),
		);
	}

	function tell(name: string, say: (node: {service: string; remote?: true}) => void): void {
		const node = nodeOf(name, config, state());
		if (node) {
			say(node);
		}
	}
}

/**
A server as the state knows it: nothing where its monitoring port tells already, the service where the configuration names
only that one, else its own name.
*/
function nodeOf(
	name: string,
	config: Config,
	{nats}: DeploymentState,
): {service: string; remote?: true} | undefined {
	const services = nodesOf(config).map(({service}) => service);
	const isNamed =
		services.includes(name) ||
		services.some((service) => own(nats.nodes ?? {}, service)?.view?.serverName === name);
	if (isCluster(config)) {
		// While one of those that are named has not said its own name, this may be it.
		const areKnown = services.every((service) => own(nats.nodes ?? {}, service)?.view !== undefined);
		return isNamed || !areKnown ? undefined : {service: name, remote: true};
	}
	const isConnected = !config.nats.url.includes(',') && nats.server?.name === name;
	const isFirst = isNamed || isConnected || nats.varz?.serverName === name;
	return isFirst ? {service: config.nats.service} : {service: name, remote: true};
}

/** `$SYS.SERVER.<id>.SHUTDOWN` comes from a server that is stopped in good order. */
async function watchShutdowns(connection: NatsConnection, say: (name: string) => void): Promise<void> {
	try {
		for await (const message of connection.subscribe('$SYS.SERVER.*.SHUTDOWN')) {
			const name = nameIn(message.string());
			if (name !== undefined) {
				say(name);
			}
		}
	} catch {
		// Who may not listen is told by the next question.
	}
}

function nameIn(text: string): string | undefined {
	try {
		// The server as it introduces itself; not in an envelope, as its answers are (seen on 2.15.1).
		const {name} = JSON.parse(text) as {name?: unknown};
		return typeof name === 'string' ? sanitize(name, 100) : undefined;
	} catch {
		return undefined;
	}
}
