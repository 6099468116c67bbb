import net from 'node:net';
import * as z from 'zod';
import {sanitize} from '../../text/sanitize.ts';

/** A server as it introduces itself to whoever connects, before it asks who that is. */
export type Introduction = {serverId: string; serverName: string};

const schema = z.object({
	server_id: z.string().min(1).max(100),
	server_name: z.string().catch(''),
});

/** An INFO line has some hundred bytes; one that lists a large cluster some thousand. */
const maxBytes = 64 << 10;

/**
Reads the INFO line that a server sends before any login; nothing is sent to it. A server that wants the TLS handshake first
says nothing.
https://docs.nats.io/reference/reference-protocols/nats-protocol#info

@throws an Error with a `code` as node:net has it, or TIMEOUT, or NOT_NATS where something else answers.
*/
export function readIntroduction(
	host: string,
	port: number,
	deadlineMs: number,
	signal?: AbortSignal,
): Promise<Introduction> {
	return new Promise((resolve, reject) => {
		const socket = net.connect({host, port});
		let text = '';
		const end = (finish: () => void): void => {
			clearTimeout(timer);
			signal?.removeEventListener('abort', onAbort);
			socket.destroy();
			finish();
		};
		const fail = (code: string, message: string): void =>
			end(() => reject(Object.assign(new Error(message), {code})));
		const onAbort = (): void => fail('ABORTED', 'aborted');
		const timer = setTimeout(() => fail('TIMEOUT', 'no answer in time'), deadlineMs);
		signal?.addEventListener('abort', onAbort, {once: true});
		if (signal?.aborted) {
			onAbort();
			return;
		}
		socket.setEncoding('utf8');
		socket.on('data', (chunk) => {
			text += String(chunk);
			const line = text.indexOf('\n');
			if (line < 0 && text.length <= maxBytes) {
				return;
			}
			const introduction = parseIntroduction(line < 0 ? '' : text.slice(0, line));
			if (introduction === undefined) {
				fail('NOT_NATS', 'the program that answers is not a NATS server');
			} else {
				end(() => resolve(introduction));
			}
		});
		socket.once('error', (error) => end(() => reject(error)));
		// A proxy whose container does not run accepts, and hangs up without a word.
		socket.once('close', () => fail('ECONNREFUSED', 'connection refused'));
	});
}

/** The INFO line taken apart; undefined where it is none. */
export function parseIntroduction(line: string): Introduction | undefined {
	const json = /^INFO\s+(?<json>\{.*\})\s*$/.exec(line)?.groups?.['json'];
	try {
		const info = schema.safeParse(JSON.parse(json ?? '')).data;
		return info && {serverId: sanitize(info.server_id, 100), serverName: sanitize(info.server_name, 100)};
	} catch {
		return undefined;
	}
}

/**
The id that a server writes to its log when it starts: `[1] 2026/11/29 22:23:53.149810 [INF]   ID:       NCHD…`.

@param lines - The first lines of the log since the start of its container.
*/
export function idInLog(lines: readonly string[]): string | undefined {
	const found = lines.map((line) => /\[INF\]\s+ID:\s+(?<id>N[A-Z2-7]{55})\s*$/.exec(line)?.groups?.['id']);
	// One that was started again in the same container wrote another one.
	return found.findLast((id) => id !== undefined);
}
