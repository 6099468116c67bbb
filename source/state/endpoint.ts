import type {Reading} from './reading.ts';

export type HealthState = {
	at: number;
	name: string;
	service?: string;
	url: string;
	status: 'healthy' | 'unhealthy' | 'unreachable' | 'malformed';
	httpStatus?: number;
	/** What the endpoint said, in a few words: `nats healthy`, `nats unhealthy`, `connection refused`. */
	detail: string;
	elapsedMs: number;
	/** When the status last changed. */
	since: number;
	/** Whether it was read at the last look. */
	reading?: Reading;
};

export type MetricsState = {
	at: number;
	name: string;
	service?: string;
	url: string;
	status: 'ok' | 'missing' | 'unreachable' | 'malformed';
	detail: string;
	/** `nats_lag_messages`, summed over its series. */
	lagMessages?: number;
	/** `nats_storage_pressure_bytes`, summed over its series. */
	storageBytes?: number;
	/** When one of the two last changed. */
	valueSince: number;
	elapsedMs: number;
	since: number;
	reading?: Reading;
};
