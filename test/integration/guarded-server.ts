// A NATS server that asks for credentials, beside the lab's own, from the same image.
import {randomBytes} from 'node:crypto';
import {AckPolicy, type ConnectionOptions, connect, DeliverPolicy} from 'nats';
import {onTestFinished} from 'vitest';
import {until} from '../until.ts';
import {container, docker, publish} from './scene.ts';

export const guarded = {url: '127.0.0.1:14222', monitor: 'http://127.0.0.1:18222', stream: 'GUARDED'};

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
	const {Image, NetworkSettings} = await container('titan-nats');
	const port = (number: string) => [{HostIp: '127.0.0.1', HostPort: number}];
	const server = await docker.createContainer({
		name: `guarded-${randomBytes(4).toString('hex')}`,
		Image,
		Cmd: ['nats-server', '--jetstream', '--store_dir', '/tmp/guarded', '--http_port', '8222', ...args],
		ExposedPorts: {'4222/tcp': {}, '8222/tcp': {}},
		HostConfig: {
			Binds: binds,
			NetworkMode: Object.keys(NetworkSettings.Networks)[0]!,
			PortBindings: {'4222/tcp': port('14222'), '8222/tcp': port('18222')},
		},
	});
	onTestFinished(() => server.remove({force: true}));
	await server.start();
	const connection = await until(
		'the server lets its user in',
		() => connect({servers: guarded.url, timeout: 2000, reconnect: false, ...login}),
		20_000,
		100,
	);
	try {
		const manager = await connection.jetstreamManager({checkAPI: false, timeout: 5000});
		await manager.streams.add({name: guarded.stream, subjects: ['guarded.>']});
		await publish(connection, 'guarded.a', messages);
		await manager.consumers.add(guarded.stream, {
			durable_name: 'guard',
			ack_policy: AckPolicy.Explicit,
			deliver_policy: DeliverPolicy.New,
		});
	} finally {
		await connection.close();
	}
}
