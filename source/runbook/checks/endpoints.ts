import {readHealth} from '../../clients/health.ts';
import {readMetrics} from '../../clients/metrics.ts';
import type {HealthEndpoint, MetricsEndpoint} from '../../config/schema.ts';
import {formatCount} from '../../text/count.ts';
import {formatElapsed} from '../../text/duration.ts';
import {answerMs, type Check} from './check.ts';

/** A health endpoint says what the configuration calls healthy. */
export const healthCheck = (endpoint: HealthEndpoint, signal: AbortSignal): Check => ({
	name: `${endpoint.name} ${endpoint.label ?? ''} healthy`.replace('  ', ' '),
	otherwise: `Read the log of ${endpoint.service ?? endpoint.name}, and restart it by itself.`,
	async test() {
		const {status, detail, httpStatus, elapsedMs} = await readHealth(endpoint, signal, answerMs);
		const http = httpStatus === undefined ? '' : `HTTP ${httpStatus}, `;
		return {ok: status === 'healthy', evidence: `${detail} (${http}${formatElapsed(elapsedMs)})`};
	},
});

/** The metric of the lag is there. */
export const metricsCheck = (endpoint: MetricsEndpoint, signal: AbortSignal): Check => ({
	name: `${endpoint.lag} flows`,
	otherwise: `Read the log of ${endpoint.service ?? endpoint.name}: ${endpoint.url} has no ${endpoint.lag}.`,
	async test() {
		const {status, detail, lagMessages} = await readMetrics(endpoint, signal, answerMs);
		const ok = status === 'ok';
		return {ok, evidence: ok ? `${endpoint.lag} ${formatCount(lagMessages)} at ${endpoint.url}` : detail};
	},
});
