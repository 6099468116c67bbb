import parse from 'parse-prometheus-text-format';
import type {MetricsEndpoint} from '../config/schema.ts';
import {sanitize} from '../text/sanitize.ts';
import {AnswerTooLarge, HttpError, httpGet} from './http.ts';
import {refusedBy} from './http-status.ts';

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
			status: error instanceof AnswerTooLarge ? 'malformed' : 'unreachable',
			detail: sanitize((error as Error).message, 120),
			elapsedMs: error instanceof HttpError ? error.elapsedMs : 0,
		};
	}
	const {status, body, elapsedMs} = answer;
	const refused = refusedBy(status);
	if (refused !== undefined) {
		return {status: 'malformed', detail: refused, elapsedMs};
	}
	if (status !== 200) {
		return {status: 'unreachable', detail: `HTTP ${status}`, elapsedMs};
	}
	if (looksLikeHtml(body)) {
		return {status: 'malformed', detail: `HTTP ${status} with an HTML page`, elapsedMs};
	}
	try {
		const lagMessages = sum(body, endpoint.lag);
		const storageBytes = endpoint.storage === undefined ? undefined : sum(body, endpoint.storage);
		return lagMessages === undefined
			? {status: 'missing', detail: `no ${endpoint.lag}`, storageBytes, elapsedMs}
			: {status: 'ok', detail: endpoint.lag, lagMessages, storageBytes, elapsedMs};
	} catch (error) {
		const detail = error instanceof TooManySeries ? error.message : 'not in the Prometheus text format';
		return {status: 'malformed', detail, elapsedMs};
	}
}

const looksLikeHtml = (body: string): boolean => /^\uFEFF?\s*<(!doctype|html)/i.test(body);

/** A lag by stream and consumer has some hundred series; nobody sums a million. */
const maxSeries = 5000;

/** The page has more series of the metric than are kept: a sum of some of them would be wrong. */
class TooManySeries extends Error {
	constructor(name: string) {
		super(`more than ${maxSeries} series of ${name}`);
	}
}

function sum(body: string, name: string): number | undefined {
	const lines = linesOf(body, name);
	const family = parse(`${lines.join('\n')}\n`).find((metric) => metric.name === name);
	const values = (family?.metrics ?? [])
		// The parser makes an empty value of a line that breaks off, and of that Number makes 0.
		.map(({value}) => (value === '' ? Number.NaN : Number(value)))
		.filter(Number.isFinite);
	return values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0);
}

/**
The samples of one metric, and what the page says of its type. The parser takes a thousandth of a second for twenty lines,
and a page may hold 80,000 of other metrics, or of one: only these are given to it.
*/
function linesOf(body: string, name: string): string[] {
	const lines: string[] = [];
	for (let at = body.indexOf(name); at >= 0; at = body.indexOf(name, at + name.length)) {
		const start = body.lastIndexOf('\n', at) + 1;
		const before = body.slice(start, at).trim();
		const isName = !/[\w:]/.test(body[at + name.length] ?? ' ');
		if (isName && (before === '' || /^#\s*(TYPE|HELP)$/.test(before))) {
			if (lines.length > maxSeries) {
				throw new TooManySeries(name);
			}
			const end = body.indexOf('\n', at);
			lines.push(body.slice(start, end < 0 ? body.length : Math.min(end, start + longestLine)));
		}
	}
	return lines;
}

const longestLine = 8192;
