import {get} from 'node:http';

/** True when a Docker engine answers on the unix socket within `timeoutMs` milliseconds. */
export function engineAnswers(socketPath: string, timeoutMs = 2000): Promise<boolean> {
	return new Promise((resolve) => {
		const request = get({socketPath, path: '/_ping', timeout: timeoutMs}, (response) => {
			response.resume();
			resolve(response.statusCode === 200);
		});
		request.on('timeout', () => request.destroy());
		request.on('error', () => resolve(false));
	});
}
