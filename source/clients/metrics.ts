import parse from 'parse-prometheus-text-format';
import type {MetricsEndpoint} from '../config/schema.ts';
import {sanitize} from '../text/sanitize.ts';
import {HttpError, httpGet} from './http.ts';

export type MetricsAnswer = {
	status: 'ok' | 'missing' | 'unreachable' | 'malformed';
	detail: string;
	lagMessages?: number;
	storageBytes?: number;
	elapsedMs: number;
};

/**
Reads an endpoint's metrics in the Prometheus text format and picks the two that the runbook names; the
series of one metric are summed. Never throws.
https://prometheus.io/docs/instrumenting/exposition_formats/
*/
export async function readMetrics(
	endpoint: MetricsEndpoint,
	signal?: AbortSignal,
	deadlineMs = 1500,
): Promise<MetricsAnswer> {
	let answer: {status: number; body: string; elapsedMs: number};
	try {
		answer = await httpGet(endpoint.url, {deadlineMs, signal});
	} catch (error) {
		return {
			status: 'unreachable',
			detail: sanitize((error as Error).message, 120),
			elapsedMs: error instanceof HttpError ? error.elapsedMs : 0,
		};
	}
	const {status, body, elapsedMs} = answer;
	if (status !== 200) {
		return {status: 'unreachable', detail: `HTTP ${status}`, elapsedMs};
	}
	try {
		const lagMessages = sum(body, endpoint.lag);
		const storageBytes = endpoint.storage === undefined ? undefined : sum(body, endpoint.storage);
		return lagMessages === undefined
			? {status: 'missing', detail: `no ${endpoint.lag}`, storageBytes, elapsedMs}
			: {status: 'ok', detail: endpoint.lag, lagMessages, storageBytes, elapsedMs};
	} catch {
		return {status: 'malformed', detail: 'not in the Prometheus text format', elapsedMs};
	}
}

function sum(body: string, name: string): number | undefined {
	// The parser reads each line of a page that may hold thousands; only the metric's own matter.
	const lines = body
		.split('\n')
		.filter((line) => line.includes(name))
		.join('\n');
	const family = parse(`${lines}\n`).find((metric) => metric.name === name);
	const values = (family?.metrics ?? [])
		// The parser makes an empty value of a line that breaks off, and of that Number makes 0.
		.map(({value}) => (value === '' ? Number.NaN : Number(value)))
		.filter(Number.isFinite);
	return values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0);
}
