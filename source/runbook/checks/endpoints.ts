import type {HealthEndpoint, MetricsEndpoint} from '../../config/schema.ts';
import {formatCount} from '../../text/count.ts';
import {formatElapsed} from '../../text/duration.ts';
import type {RunContext} from '../context.ts';
import {answerMs, type Check} from './check.ts';

/** A health endpoint says what the configuration calls healthy. */
export const healthCheck = (endpoint: HealthEndpoint, {deployment, signal}: RunContext): Check => ({
	name: `${endpoint.name} ${endpoint.label ?? ''} healthy`.replace('  ', ' '),
	otherwise: `Read the log of ${endpoint.service ?? endpoint.name}, and restart it by itself.`,
	async test() {
		const {status, detail, httpStatus, elapsedMs} = await deployment.endpoints.health(
			endpoint,
			signal,
			answerMs,
		);
		const http = httpStatus === undefined ? '' : `HTTP ${httpStatus}, `;
		return {ok: status === 'healthy', evidence: `${detail} (${http}${formatElapsed(elapsedMs)})`};
	},
});

/** The metric of the lag is there. */
export const metricsCheck = (endpoint: MetricsEndpoint, {deployment, signal}: RunContext): Check => ({
	name: `${endpoint.lag} flows`,
	otherwise: `Read the log of ${endpoint.service ?? endpoint.name}: ${endpoint.url} has no ${endpoint.lag}.`,
	async test() {
		const {status, detail, lagMessages} = await deployment.endpoints.metrics(endpoint, signal, answerMs);
		const ok = status === 'ok';
		return {ok, evidence: ok ? `${endpoint.lag} ${formatCount(lagMessages)} at ${endpoint.url}` : detail};
	},
});
