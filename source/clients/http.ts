import http from 'node:http';
import https from 'node:https';
import {sanitize} from '../text/sanitize.ts';

export type HttpAnswer = {status: number; body: string; elapsedMs: number};

/** Why no answer came, in the words of an operator: `connection refused`, `no answer in 2 s`. */
export class HttpError extends Error {
	override name = 'HttpError';
	readonly elapsedMs: number;

	constructor(message: string, elapsedMs: number) {
		super(message);
		this.elapsedMs = elapsedMs;
	}
}

const reasons: Record<string, string> = {
	ECONNREFUSED: 'connection refused',
	ECONNRESET: 'connection reset',
	ENOTFOUND: 'host name not found',
	EHOSTUNREACH: 'host unreachable',
	ENETUNREACH: 'network unreachable',
	ETIMEDOUT: 'connection timed out',
	EPIPE: 'connection closed',
};

/**
One GET with a deadline for the whole answer and a bound on its size. No connection is kept: a kept one
outlives a restart of the server and then fails once for no reason of the server's.

@throws HttpError when there is no whole answer within `deadlineMs`, or it is larger than `maxBytes`.
*/
export function httpGet(
	url: string,
	{
		deadlineMs = 2000,
		maxBytes = 4 << 20,
		signal,
	}: {deadlineMs?: number; maxBytes?: number; signal?: AbortSignal} = {},
): Promise<HttpAnswer> {
	const started = performance.now();
	const elapsed = (): number => performance.now() - started;
	return new Promise((resolve, reject) => {
		const fail = (message: string): void => {
			clearTimeout(timer);
			request.destroy();
			reject(new HttpError(message, elapsed()));
		};
		const request = (url.startsWith('https:') ? https : http).get(url, {agent: false, signal}, (response) => {
			const chunks: Buffer[] = [];
			let size = 0;
			response.on('data', (chunk: Buffer) => {
				size += chunk.length;
				if (size > maxBytes) {
					fail(`answer larger than ${maxBytes >> 20} MiB`);
					return;
				}
				chunks.push(chunk);
			});
			response.on('end', () => {
				clearTimeout(timer);
				resolve({
					status: response.statusCode ?? 0,
					body: Buffer.concat(chunks).toString('utf8'),
					elapsedMs: elapsed(),
				});
			});
			response.on('error', () => fail('connection closed in the middle of the answer'));
		});
		const timer = setTimeout(() => fail(`no answer in ${deadlineMs / 1000} s`), deadlineMs);
		request.on('error', (error: NodeJS.ErrnoException) => {
			fail(
				reasons[error.code ?? ''] ??
					(error.code === 'HPE_INVALID_CONSTANT' ? 'not an HTTP answer' : sanitize(error.message, 120)),
			);
		});
	});
}
