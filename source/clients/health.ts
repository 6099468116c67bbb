import {compile, TreeInterpreter} from '@jmespath-community/jmespath';
import type {HealthEndpoint} from '../config/schema.ts';
import {sanitize} from '../text/sanitize.ts';
import {HttpError, httpGet} from './http.ts';

export type HealthAnswer = {
	status: 'healthy' | 'unhealthy' | 'unreachable' | 'malformed';
	httpStatus?: number;
	detail: string;
	elapsedMs: number;
};

/**
Asks a health endpoint and judges its JSON by the endpoint's JMESPath expression: healthy only where it is
`true`. The HTTP status is shown and not judged: many services answer 503 with the components that say why.
Never throws.
*/
export async function readHealth(
	endpoint: HealthEndpoint,
	signal?: AbortSignal,
	deadlineMs = 1500,
): Promise<HealthAnswer> {
	let answer: {status: number; body: string; elapsedMs: number};
	try {
		answer = await httpGet(endpoint.url, {deadlineMs, maxBytes: 1 << 20, signal});
	} catch (error) {
		return {
			status: 'unreachable',
			detail: sanitize((error as Error).message, 120),
			elapsedMs: error instanceof HttpError ? error.elapsedMs : 0,
		};
	}
	const {status: httpStatus, body, elapsedMs} = answer;
	let json: unknown;
	try {
		json = JSON.parse(body);
	} catch {
		return {status: 'malformed', httpStatus, detail: `HTTP ${httpStatus} without JSON`, elapsedMs};
	}
	const healthy = evaluate(endpoint.healthy, json) === true;
	const shown = endpoint.show === undefined ? undefined : evaluate(endpoint.show, json);
	if (!healthy && endpoint.show !== undefined && (shown === null || shown === undefined)) {
		return {
			status: 'malformed',
			httpStatus,
			detail: `no ${endpoint.label ?? 'value'} in the answer`,
			elapsedMs,
		};
	}
	const value = shown === undefined ? (healthy ? 'healthy' : 'unhealthy') : words(shown);
	return {
		status: healthy ? 'healthy' : 'unhealthy',
		httpStatus,
		detail: [endpoint.label, value].filter(Boolean).join(' '),
		elapsedMs,
	};
}

function words(value: unknown): string {
	return sanitize(typeof value === 'string' ? value : JSON.stringify(value), 60);
}

function evaluate(expression: string, json: unknown): unknown {
	try {
		return TreeInterpreter.search(compile(expression), json as never);
	} catch {
		// An expression that fails on this body (a function on the wrong type) says nothing about health.
		return undefined;
	}
}
