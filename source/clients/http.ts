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

/** Why a request failed, in the words of an operator. */
export const httpReason = ({code, message}: NodeJS.ErrnoException): string =>
	reasons[code ?? ''] ?? (code?.startsWith('HPE_') ? 'not an HTTP answer' : sanitize(message, 120));

const agents = {
	http: new http.Agent({keepAlive: true, maxSockets: 4}),
	https: new https.Agent({keepAlive: true, maxSockets: 4}),
};

type Options = {deadlineMs?: number; maxBytes?: number; signal?: AbortSignal};

/**
One GET with a deadline for the whole answer and a bound on its size. Connections are kept, for a fifth of a
poll's cost is in making one; where a kept one turns out to have died with its server, the GET is made once more
on a new one, so that only the server as it is now is judged.

@throws HttpError when there is no whole answer within `deadlineMs`, or it is larger than `maxBytes`.
*/
export async function httpGet(url: string, options: Options = {}): Promise<HttpAnswer> {
	const started = performance.now();
	try {
		return await getOnce(url, options, started, true);
	} catch (error) {
		if (error instanceof StaleConnection) {
			return getOnce(url, options, started, false);
		}
		throw error;
	}
}

/** A kept connection was closed by the other side before this request. */
class StaleConnection extends Error {}

function getOnce(
	url: string,
	{deadlineMs = 2000, maxBytes = 4 << 20, signal}: Options,
	started: number,
	kept: boolean,
): Promise<HttpAnswer> {
	const elapsed = (): number => performance.now() - started;
	const secure = url.startsWith('https:');
	return new Promise((resolve, reject) => {
		const fail = (error: Error): void => {
			clearTimeout(timer);
			request.destroy();
			reject(error);
		};
		const refuse = (message: string): void => fail(new HttpError(message, elapsed()));
		const agent = kept ? agents[secure ? 'https' : 'http'] : false;
		const request = (secure ? https : http).get(url, {agent, signal}, (response) => {
			const chunks: Buffer[] = [];
			let size = 0;
			response.on('data', (chunk: Buffer) => {
				size += chunk.length;
				if (size > maxBytes) {
					refuse(`answer larger than ${maxBytes >> 20} MiB`);
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
			response.on('error', () => refuse('connection closed in the middle of the answer'));
		});
		const timer = setTimeout(() => refuse(`no answer in ${deadlineMs / 1000} s`), deadlineMs - elapsed());
		request.on('error', (error: NodeJS.ErrnoException) => {
			if (kept && request.reusedSocket) {
				fail(new StaleConnection());
				return;
			}
			refuse(httpReason(error));
		});
	});
}
