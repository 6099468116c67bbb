// Other ways to the lab's engine: as another user has them, and as an engine that refuses.
import {chmodSync} from 'node:fs';
import {createConnection, createServer, type Socket} from 'node:net';
import {join} from 'node:path';
import {onTestFinished} from 'vitest';
import {tempFolder} from '../config/temp.ts';

/**
The lab's engine by another socket, which every user may use; gone when the test ends. By another name of the socket a
console of this host does not see the others' lock in its kernel, only the one in the engine.

@param refuses - Requests that are answered with 500 and `no space left on device`, by the start of their head.
@param hangs - Requests that are never answered.
@param holds - Requests that reach the engine only when `until` says so; called for each.
*/
export async function engineDoor(
	refuses?: RegExp,
	hangs?: RegExp,
	holds?: {requests: RegExp; until: () => Promise<void>},
): Promise<string> {
	const folder = await tempFolder();
	chmodSync(folder, 0o755);
	const path = join(folder, 'docker.sock');
	const engine = new URL(process.env['DOCKER_HOST']!).pathname;
	const open = new Set<Socket>();
	const server = createServer((client) => {
		const upstream = createConnection(engine);
		for (const socket of [client, upstream]) {
			open.add(socket);
			socket.on('error', () => {});
			socket.on('close', () => {
				open.delete(socket);
				client.destroy();
				upstream.destroy();
			});
		}
		client.on('data', (chunk) => {
			const head = chunk.toString('latin1').split('\r\n')[0] ?? '';
			if (hangs?.test(head)) {
				return;
			}
			if (holds?.requests.test(head)) {
				void holds.until().then(() => upstream.write(chunk));
				return;
			}
			if (refuses?.test(head)) {
				const body = JSON.stringify({message: 'write /var/lib/docker: no space left on device'});
				client.end(
					`HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
				);
			} else {
				upstream.write(chunk);
			}
		});
		upstream.on('data', (chunk) => client.write(chunk));
		upstream.on('end', () => client.end());
		client.on('end', () => upstream.end());
	});
	await new Promise<void>((resolve) => server.listen(path, resolve));
	chmodSync(path, 0o666);
	onTestFinished(() => {
		for (const socket of open) {
			socket.destroy();
		}
		server.close();
	});
	return `unix://${path}`;
}

/** What starts a program as another user. (setpriv(1)) */
export const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'];

/** What starts a program on what is another host to it: another name, other processes. (unshare(1)) */
export const onHost = (name: string, ...flags: string[]): [string, ...string[]] => [
	'unshare',
	'--uts',
	'--pid',
	'--fork',
	'--mount-proc',
	'--kill-child=SIGKILL',
	...flags,
	'--',
	'sh',
	'-c',
	`hostname ${name}; exec "$@"`,
	'sh',
];
