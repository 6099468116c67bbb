import {type NatsConnection, RequestStrategy} from 'nats';
import * as z from 'zod';
import type {Config} from '../../config/schema.ts';
import {parseNatsServers} from '../../config/servers.ts';
import type {NodeView} from '../../state/cluster.ts';
import {sanitize} from '../../text/sanitize.ts';
import {parseBounded} from '../bounded-json.ts';
import {connectNats} from './connection.ts';
import {type Healthz, type Jsz, parseHealthz, parseJsz, parseVarz, type Varz} from './monitor.ts';
import {toNodeView} from './node.ts';

/** An answer of one server to a question that all are asked. */
type Answer = {name: string; cluster: string; data: unknown; elapsedMs: number};

const answerSchema = z.object({
	server: z.object({
		name: z.string().transform((value) => sanitize(value, 100)),
		cluster: z
			.string()
			.optional()
			.catch(undefined)
			.transform((value) => sanitize(value ?? '', 100)),
	}),
	data: z.unknown(),
});

/** A connection of the system account (`nats.system`), to the same addresses. @throws as `connectNats`. */
export async function connectSystem(config: Config['nats'], env: NodeJS.ProcessEnv): Promise<NatsConnection> {
	const {user, password, token, nkey, creds, inboxPrefix, system, ...rest} = config;
	// Credentials in an address would go before these.
	const url = parseNatsServers(config.url).servers.join(',');
	return connectNats({...rest, url, ...system}, env);
}

/** How each server of the cluster is, by its own word: `$SYS.REQ.SERVER.PING.HEALTHZ`. */
export async function pingHealth(
	connection: NatsConnection,
	withinMs: number,
): Promise<{name: string; healthz: Healthz}[]> {
	const answers = await ask(connection, 'HEALTHZ', {}, withinMs);
	return answers.map(({name, data, elapsedMs}) => ({name, healthz: parseHealthz(data, elapsedMs)}));
}

/** What each says of itself and of the cluster: `$SYS.REQ.SERVER.PING.{VARZ,ROUTEZ,JSZ}`; those that answered all three. */
export async function pingViews(
	connection: NatsConnection,
	withinMs: number,
): Promise<{name: string; view: NodeView; varz: Varz; jsz: Jsz}[]> {
	const [varz, routez, jsz] = await Promise.all([
		ask(connection, 'VARZ', {}, withinMs),
		ask(connection, 'ROUTEZ', {}, withinMs),
		ask(connection, 'JSZ', {accounts: true, streams: true}, withinMs),
	]);
	return varz.flatMap(({name, data}) => {
		const routes = routez.find((answer) => answer.name === name);
		const jetstream = jsz.find((answer) => answer.name === name);
		if (!routes || !jetstream) {
			return [];
		}
		try {
			return [
				{
					name,
					view: toNodeView(data, routes.data, jetstream.data),
					varz: parseVarz(data),
					jsz: parseJsz(jetstream.data),
				},
			];
		} catch {
			// What is not understood of one server must not hide the others.
			return [];
		}
	});
}

/**
Asks all servers one question, and waits for their answers.

@returns Those of the cluster that the connection is at, at most 64: a super-cluster has hundreds.
@throws what the library throws where the question can't be sent.
*/
async function ask(
	connection: NatsConnection,
	kind: string,
	options: object,
	withinMs: number,
): Promise<Answer[]> {
	const started = performance.now();
	const answers: Answer[] = [];
	const own = connection.info?.cluster ?? '';
	const replies = await connection.requestMany(`$SYS.REQ.SERVER.PING.${kind}`, JSON.stringify(options), {
		strategy: RequestStrategy.Timer,
		maxWait: withinMs,
		// Before those of other clusters are taken out.
		maxMessages: mostReplies,
	});
	for await (const reply of replies) {
		const answer = parse(reply instanceof Error ? '' : reply.string());
		if (answer && answer.server.cluster === own && answers.length < mostServers) {
			const {server, data} = answer;
			answers.push({...server, data, elapsedMs: performance.now() - started});
		}
	}
	return answers;
}

const mostServers = 64;
const mostReplies = 2000;

function parse(text: string): z.infer<typeof answerSchema> | undefined {
	try {
		return answerSchema.safeParse(parseBounded(text)).data;
	} catch {
		return undefined;
	}
}
