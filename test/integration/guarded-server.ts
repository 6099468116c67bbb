// A NATS server that asks for credentials, beside the lab's own, from the same image.
import {randomBytes} from 'node:crypto';
import {AckPolicy, type ConnectionOptions, connect, DeliverPolicy, type NatsConnection} from 'nats';
import {onTestFinished} from 'vitest';
import {until} from '../until.ts';
import {container, docker, publish} from './scene.ts';

export const guarded = {
	service: 'guarded',
	url: '127.0.0.1:14222',
	monitor: 'http://127.0.0.1:18222',
	stream: 'GUARDED',
};

/**
Starts it with these arguments and a stream of `messages` that its consumer has no need of. Gone when the test ends.

@param login - What a client connects with.
@param binds - What it sees of this machine: `source:target:ro`.
*/
export async function guardedServer(
	args: string[],
	login: ConnectionOptions,
	messages: number,
	binds: string[] = [],
): Promise<void> {
	await bareServer(['--jetstream', '--store_dir', '/tmp/guarded', ...args], login, binds);
	await withGuarded(login, async (connection) => {
		const manager = await connection.jetstreamManager({checkAPI: false, timeout: 5000});
		await manager.streams.add({name: guarded.stream, subjects: ['guarded.>']});
		await publish(connection, 'guarded.a', messages);
		await manager.consumers.add(guarded.stream, {
			durable_name: 'guard',
			ack_policy: AckPolicy.Explicit,
			deliver_policy: DeliverPolicy.New,
		});
	});
}

/** Starts it with these arguments alone: without JetStream. Gone when the test ends. */
export async function bareServer(
	args: string[],
	login: ConnectionOptions,
	binds: string[] = [],
): Promise<void> {
	const {Image, NetworkSettings, Config} = await container('titan-nats');
	const port = (number: string) => [{HostIp: '127.0.0.1', HostPort: number}];
	const server = await docker.createContainer({
		name: `guarded-${randomBytes(4).toString('hex')}`,
		Image,
		// A service of the project, as Compose would have made it: at a server of nobody's no runbook runs.
		Labels: {
			...Config.Labels,
			'com.docker.compose.service': guarded.service,
			'com.docker.compose.image': Image,
		},
		Cmd: ['nats-server', '--http_port', '8222', ...args],
		ExposedPorts: {'4222/tcp': {}, '8222/tcp': {}},
		HostConfig: {
			Binds: binds,
			NetworkMode: Object.keys(NetworkSettings.Networks)[0]!,
			PortBindings: {'4222/tcp': port('14222'), '8222/tcp': port('18222')},
		},
	});
	onTestFinished(() => server.remove({force: true}));
	await server.start();
	await until('the server lets its user in', () => withGuarded(login, async () => true), 20_000, 100);
}

/** The state of its stream. */
export const guardedState = (login: ConnectionOptions) =>
	withGuarded(login, async (connection) => {
		const manager = await connection.jetstreamManager({checkAPI: false, timeout: 5000});
		return (await manager.streams.info(guarded.stream)).state;
	});

async function withGuarded<T>(
	login: ConnectionOptions,
	work: (connection: NatsConnection) => Promise<T>,
): Promise<T> {
	const connection = await connect({servers: guarded.url, timeout: 2000, reconnect: false, ...login});
	try {
		return await work(connection);
	} finally {
		await connection.close();
	}
}
