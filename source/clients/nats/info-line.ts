import net from 'node:net';

/** An INFO line has some hundred bytes; one that lists a large cluster some thousand. */
const maxBytes = 64 << 10;

/**
The line that a server sends before any login, as soon as it is connected to; nothing is sent to it. A server that wants the TLS
handshake first says nothing.
https://docs.nats.io/reference/reference-protocols/nats-protocol#info

@returns The first line without its end; empty where what answers sends no line of this size.
@throws an Error with a `code` as node:net has it, or TIMEOUT after `deadlineMs`.
*/
export function readInfoLine(
	host: string,
	port: number,
	deadlineMs: number,
	signal?: AbortSignal,
): Promise<string> {
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
		socket.once('error', (error) => end(() => reject(error)));
		if (signal?.aborted) {
			onAbort();
			return;
		}
		socket.setEncoding('utf8');
		socket.on('data', (chunk) => {
			text += String(chunk);
			const line = text.indexOf('\n');
			if (line >= 0 || text.length > maxBytes) {
				end(() => resolve(line < 0 ? '' : text.slice(0, line)));
			}
		});
		// A proxy whose container does not run accepts, and hangs up without a word.
		socket.once('close', () => fail('ECONNREFUSED', 'connection refused'));
	});
}
