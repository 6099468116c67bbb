import {readHealth} from '../clients/health.ts';
import {readMetrics} from '../clients/metrics.ts';
import type {HealthEndpoint, MetricsEndpoint} from '../config/schema.ts';
import type {Emit} from '../state/observation.ts';
import {redact} from '../text/redact.ts';
import {poll} from './loop.ts';

const everyMs = 1000;

/** Asks a service's health endpoint each second. Never throws. */
export async function watchHealth(endpoint: HealthEndpoint, emit: Emit, signal: AbortSignal): Promise<void> {
	const {name, service} = endpoint;
	// An address may carry a user's password, or a token in its query.
	const url = redact(endpoint.url);
	await poll(everyMs, signal, async () => {
		const answer = await readHealth(endpoint, signal);
		if (!signal.aborted) {
			const at = Date.now();
			emit({kind: 'health', name, service, url, ...answer, at});
			emit({kind: 'source', source: `health:${name}`, ...upOrDown(answer), at});
		}
	});
}

/** Reads a service's metrics each second. Never throws. */
export async function watchMetrics(
	endpoint: MetricsEndpoint,
	emit: Emit,
	signal: AbortSignal,
): Promise<void> {
	const {name, service} = endpoint;
	const url = redact(endpoint.url);
	await poll(everyMs, signal, async () => {
		const answer = await readMetrics(endpoint, signal);
		if (!signal.aborted) {
			const at = Date.now();
			emit({kind: 'metrics', name, service, url, ...answer, at});
			emit({kind: 'source', source: `metrics:${name}`, ...upOrDown(answer), at});
		}
	});
}

const upOrDown = ({status, detail}: {status: string; detail: string}) =>
	status === 'unreachable' ? ({status: 'down', error: detail} as const) : ({status: 'up'} as const);
