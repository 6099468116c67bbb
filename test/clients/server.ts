import {createServer, type RequestListener} from 'node:http';
import {type AddressInfo, createServer as createTcpServer, type Server, type Socket} from 'node:net';
import {onTestFinished} from 'vitest';

/** A real HTTP server on a free port, gone when the test ends. Answers its address. */
export async function httpServer(listener: RequestListener): Promise<string> {
	const server = createServer(listener);
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	return `http://127.0.0.1:${await listening(server)}`;
}

/** A server that answers each page with this text. */
export const pageServer = (body: string, status = 200): Promise<string> =>
	httpServer((_, response) => {
		response.writeHead(status).end(body);
	});

/** A real TCP server on a free port that does with each connection what it likes. */
export async function tcpServer(onSocket: (socket: Socket) => void): Promise<string> {
	const sockets = new Set<Socket>();
	const server = createTcpServer((socket) => {
		sockets.add(socket);
		socket.on('error', () => {});
		onSocket(socket);
	});
	onTestFinished(() => {
		for (const socket of sockets) {
			socket.destroy();
		}
		server.close();
	});
	return `http://127.0.0.1:${await listening(server)}`;
}

/** An address on which nobody listens. */
export async function nobody(): Promise<string> {
	const server = createTcpServer();
	const port = await listening(server);
	await new Promise((resolve) => server.close(resolve));
	return `http://127.0.0.1:${port}`;
}

function listening(server: Server): Promise<number> {
	return new Promise((resolve) => {
		server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
	});
}
