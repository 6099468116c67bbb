import http from 'node:http';
import https from 'node:https';
import {sanitize} from '../text/sanitize.ts';
import {parseBounded} from './bounded-json.ts';
import {lookupOnce} from './lookup-once.ts';

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

/** There is an answer, and it is larger than its reader takes: whoever sent it is not away. */
export class AnswerTooLarge extends HttpError {
	override name = 'AnswerTooLarge';

	constructor(maxBytes: number, elapsedMs: number) {
		super(`answer larger than ${maxBytes >> 20} MiB`, elapsedMs);
	}
}

const reasons: Record<string, string> = {
	ECONNREFUSED: 'connection refused',
	ECONNRESET: 'connection reset',
	ENOTFOUND: 'host name not found',
	EAI_AGAIN: 'host name not found',
	EHOSTUNREACH: 'host unreachable',
	ENETUNREACH: 'network unreachable',
	ETIMEDOUT: 'connection timed out',
	EPIPE: 'connection closed',
};

/** Why a request failed, in the words of an operator. */
export const httpReason = ({code, message}: NodeJS.ErrnoException): string =>
	reasons[code ?? ''] ?? (code?.startsWith('HPE_') ? 'not an HTTP answer' : sanitize(message, 120));

/** So many addresses have connections that are kept; a configuration names a dozen. */
const mostAgents = 256;

const agents = new Map<string, http.Agent>();

/**
Each address has connections of its own: requests to one that hangs must not queue before those to another one on the same
host, whose deadline would run meanwhile.
*/
function agentFor(url: string): http.Agent {
	const known = agents.get(url);
	if (known) {
		return known;
	}
	const [oldest] = agents.keys();
	if (agents.size >= mostAgents && oldest !== undefined) {
		agents.get(oldest)?.destroy();
		agents.delete(oldest);
	}
	const options = {keepAlive: true, maxFreeSockets: 1, lookup: lookupOnce};
	const agent = url.startsWith('https:') ? new https.Agent(options) : new http.Agent(options);
	agents.set(url, agent);
	return agent;
}

type Options = {deadlineMs?: number; maxBytes?: number; signal?: AbortSignal};

/**
One GET with a deadline for the whole answer and a bound on its size. Connections are kept, each for its own
address, for a fifth of a poll's cost is in making one; where a kept one turns out to have died with its server, the GET is made once more
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

/**
The JSON of an answer with status 200.

@throws HttpError as `httpGet`, and if the answer is none: `could not be read: HTTP 401`.
*/
export async function getJson(url: string, options: Options = {}): Promise<unknown> {
	const {status, body, elapsedMs} = await httpGet(url, options);
	if (status !== 200) {
		throw new HttpError(`could not be read: HTTP ${status}`, elapsedMs);
	}
	try {
		return parseBounded(body);
	} catch (error) {
		throw new HttpError(`could not be read: ${(error as Error).message}`, elapsedMs);
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
		const agent = kept ? agentFor(url) : false;
		const request = (secure ? https : http).get(url, {agent, signal, lookup: lookupOnce}, (response) => {
			const chunks: Buffer[] = [];
			let size = 0;
			response.on('data', (chunk: Buffer) => {
				size += chunk.length;
				if (size > maxBytes) {
					fail(new AnswerTooLarge(maxBytes, elapsed()));
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
