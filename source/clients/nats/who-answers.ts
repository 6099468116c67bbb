import type {Config} from '../../config/schema.ts';
import type {Answering} from '../../state/server-answer.ts';
import {sanitize} from '../../text/sanitize.ts';
import {connectNats} from './connection.ts';
import {readIntroduction} from './introduction.ts';
import {natsOptions} from './options.ts';

const introductionMs = 1500;

/** Whoever answers at the addresses of the configuration, before any login. One that does not answer is not in it. Never throws. */
export async function whoAnswers(
	nats: Config['nats'],
	env: NodeJS.ProcessEnv,
	signal?: AbortSignal,
): Promise<Answering[]> {
	const options = await natsOptions(nats, env).then(
		(read) => read.options,
		() => undefined,
	);
	if (options === undefined) {
		return [];
	}
	const servers = [options.servers ?? []].flat().map((server) => new URL(server));
	const several = servers.length > 1 ? {ofAddresses: servers.length} : {};
	if (typeof options.tls === 'object' && options.tls?.handshakeFirst) {
		return (await whoLetsIn(nats, env)).map((one) => ({...one, ...several}));
	}
	const read = await Promise.all(
		servers.map(({hostname, port}) =>
			readIntroduction(hostname.replace(/^\[|\]$/g, ''), Number(port || 4222), introductionMs, signal).then(
				(one) => [{...one, address: `${hostname}:${port || 4222}`, ...several}],
				() => [],
			),
		),
	);
	return read.flat();
}

/** A server that wants the TLS handshake first introduces itself to clients alone. */
async function whoLetsIn(nats: Config['nats'], env: NodeJS.ProcessEnv): Promise<Answering[]> {
	try {
		const connection = await connectNats(nats, env);
		const {info} = connection;
		const address = connection.getServer();
		await connection.close();
		return info
			? [{address, serverId: sanitize(info.server_id, 100), serverName: sanitize(info.server_name, 100)}]
			: [];
	} catch {
		return [];
	}
}
