import {compile, TreeInterpreter} from '@jmespath-community/jmespath';
import type {HealthEndpoint} from '../config/schema.ts';
import {sanitize} from '../text/sanitize.ts';
import {parseBounded, TooDeep} from './bounded-json.ts';
import {AnswerTooLarge, HttpError, httpGet} from './http.ts';
import {refusedBy} from './http-status.ts';

export type HealthAnswer = {
	status: 'healthy' | 'unhealthy' | 'unreachable' | 'malformed';
	httpStatus?: number;
	detail: string;
	elapsedMs: number;
};

/**
Asks a health endpoint and judges its JSON by the endpoint's JMESPath expression: healthy only if that is `true` and the
HTTP status does not contradict it. Many services answer 503 with all their components as soon as one is not well, and the
expression says which of them matters: such an answer is judged by it alone, and the 503 is shown. A status that says that
one may not ask, or that nothing is at this address (401, 404, a redirect), is no answer of the service. Never throws.
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
			// Whoever sends too much is not away.
			status: error instanceof AnswerTooLarge ? 'malformed' : 'unreachable',
			detail: sanitize((error as Error).message, 120),
			elapsedMs: error instanceof HttpError ? error.elapsedMs : 0,
		};
	}
	const {status: httpStatus, body, elapsedMs} = answer;
	const refused = refusedBy(httpStatus);
	if (refused !== undefined) {
		return {status: 'malformed', httpStatus, detail: refused, elapsedMs};
	}
	let json: unknown;
	try {
		json = parseBounded(body);
	} catch (error) {
		const detail = error instanceof TooDeep ? error.message : `HTTP ${httpStatus} without JSON`;
		return {status: 'malformed', httpStatus, detail, elapsedMs};
	}
	const says = evaluate(endpoint.healthy, json) === true;
	const healthy = says && (httpStatus < 500 || httpStatus === 503);
	const shown = endpoint.show === undefined ? undefined : evaluate(endpoint.show, json);
	if (!healthy && endpoint.show !== undefined && (shown === null || shown === undefined)) {
		return {
			status: 'malformed',
			httpStatus,
			detail: `no ${endpoint.label ?? 'value'} in the answer`,
			elapsedMs,
		};
	}
	const value = shown === undefined ? (says ? 'healthy' : 'unhealthy') : words(shown);
	return {
		status: healthy ? 'healthy' : 'unhealthy',
		httpStatus,
		detail: [endpoint.label, value, says && httpStatus >= 500 && `with HTTP ${httpStatus}`]
			.filter(Boolean)
			.join(' '),
		elapsedMs,
	};
}

function words(value: unknown): string {
	return sanitize(
		typeof value === 'string' ? value.slice(0, 1000) : JSON.stringify(value).slice(0, 1000),
		60,
	);
}

function evaluate(expression: string, json: unknown): unknown {
	try {
		return TreeInterpreter.search(compile(expression), json as never);
	} catch {
		// An expression that fails on this body (a function on the wrong type) says nothing about health.
		return undefined;
	}
}
