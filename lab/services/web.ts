import {createServer, type Server} from 'node:http';
import {type Answer, respond} from './respond.ts';

/** A page that can be switched off and on again while the service runs. */
export type Web = {close(): void; open(): void};

/** An answer in JSON. */
export function json(status: number, value: unknown): Answer {
	return {status, type: 'application/json', body: `${JSON.stringify(value)}\n`};
}

/** Serves one path on `port`; every other path is a 404. */
export function serve(port: number, path: string, answer: () => Answer): Web {
	let server: Server | undefined;
	const open = () => {
		if (server) return;
		server = createServer((request, response) => {
			respond(response, request.url === path ? answer() : json(404, {error: 'not found'}));
		});
		server.listen(port);
	};
	open();
	return {
		open,
		close() {
			server?.close();
			server?.closeAllConnections();
			server = undefined;
		},
	};
}
