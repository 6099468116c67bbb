import http from 'node:http';
import https from 'node:https';
import {httpReason} from './http.ts';

type Options = {url: string; headers: Record<string, string>; body: object; deadlineMs: number};

/**
One POST of JSON, with a deadline for the whole of it. A redirection is not followed: the body would go to somebody
whom nobody configured.

@throws an Error that says why it was not taken, without the address or what was answered, which may hold secrets:
`HTTP 500`, `connection refused`, `no answer in 10 s`.
*/
export function postJson({url, headers, body, deadlineMs}: Options): Promise<void> {
	return new Promise((resolve, reject) => {
		const text = Buffer.from(JSON.stringify(body));
		const end = (error?: Error): void => {
			clearTimeout(timer);
			request.destroy();
			if (error) {
				reject(error);
			} else {
				resolve();
			}
		};
		const {request: make} = url.startsWith('https:') ? https : http;
		const request = make(url, {
			method: 'POST',
			agent: false,
			headers: {
				'content-type': 'application/json; charset=utf-8',
				'user-agent': 'jetmedic',
				...lowerCased(headers),
				'content-length': text.length,
			},
		});
		const timer = setTimeout(() => end(new Error(`no answer in ${deadlineMs / 1000} s`)), deadlineMs);
		request.on('response', ({statusCode = 0}) => {
			end(statusCode >= 200 && statusCode < 300 ? undefined : new Error(`HTTP ${statusCode}`));
		});
		request.on('error', (error) => end(new Error(httpReason(error))));
		request.end(text);
	});
}

const lowerCased = (headers: Record<string, string>): Record<string, string> =>
	Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
