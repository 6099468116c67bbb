import {mkdtempSync, rmSync} from 'node:fs';
import http from 'node:http';
import type net from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/** A request to the engine. */
export type DockerRequest = {method: string; path: string};

export type DockerProxy = {
	/** What a client connects to: `unix:///…`. */
	host: string;
	/** All requests, in order. */
	requests: DockerRequest[];
	close(): Promise<void>;
};

/** Where the engine of the environment listens, as Node's http wants it. */
export function engineAddress(
	env: NodeJS.ProcessEnv = process.env,
): {socketPath: string} | {host: string; port: number} {
	const address = env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock';
	if (address.startsWith('unix://')) {
		return {socketPath: address.slice('unix://'.length)};
	}
	const {hostname, port} = new URL(address);
	return {host: hostname, port: Number(port || 2375)};
}

/**
A proxy in front of a Docker engine that records each request. Bodies are streamed in both directions, also those
that never end (events, logs); connections that are upgraded (attach, exec) become a pipe.

@param mayPass - Whether a request may; one that may not is refused with 403, as a socket proxy does.
*/
export async function dockerProxy(
	upstream = engineAddress(),
	mayPass: (request: DockerRequest) => boolean = () => true,
): Promise<DockerProxy> {
	const requests: DockerRequest[] = [];
	const sockets = new Set<net.Socket>();
	const record = ({method = '', url = ''}: http.IncomingMessage): void => {
		requests.push({method, path: url});
	};
	const ask = (request: http.IncomingMessage): http.ClientRequest =>
		http.request({
			...upstream,
			method: request.method,
			path: request.url,
			headers: request.headers,
			agent: false,
		});
	const server = http.createServer((request, response) => {
		record(request);
		if (!mayPass({method: request.method ?? '', path: request.url ?? ''})) {
			request.resume();
			response.writeHead(403, {'content-type': 'application/json'});
			response.end(JSON.stringify({message: 'forbidden by the proxy'}));
			return;
		}
		const asked = ask(request);
		asked.on('response', (answer) => {
			response.writeHead(answer.statusCode ?? 502, answer.headers);
			response.flushHeaders();
			answer.pipe(response);
			answer.on('error', () => response.destroy());
		});
		asked.on('error', () => response.destroy());
		response.on('close', () => asked.destroy());
		request.pipe(asked);
	});
	server.on('upgrade', (request: http.IncomingMessage, socket: net.Socket, head: Buffer) => {
		record(request);
		const asked = ask(request);
		asked.on('upgrade', (answer, remote, first) => {
			const lines = answer.rawHeaders.flatMap((value, index, all) =>
				index % 2 === 0 ? [`${value}: ${all[index + 1]}`] : [],
			);
			socket.write(`HTTP/1.1 101 UPGRADED\r\n${lines.join('\r\n')}\r\n\r\n`);
			socket.write(first);
			remote.write(head);
			remote.pipe(socket).pipe(remote);
			remote.on('error', () => socket.destroy());
			socket.on('error', () => remote.destroy());
		});
		asked.on('error', () => socket.destroy());
		asked.end();
	});
	server.on('connection', (socket) => {
		sockets.add(socket);
		socket.on('close', () => {
			sockets.delete(socket);
		});
	});
	const folder = mkdtempSync(join(tmpdir(), 'jetmedic-proxy-'));
	const path = join(folder, 'docker.sock');
	await new Promise<void>((resolve) => server.listen(path, resolve));
	return {
		host: `unix://${path}`,
		requests,
		close: () =>
			new Promise((resolve) => {
				server.close(() => {
					rmSync(folder, {recursive: true, force: true});
					resolve();
				});
				for (const socket of sockets) {
					socket.destroy();
				}
			}),
	};
}
