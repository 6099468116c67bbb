/** The parts of a nats.js error that tell failures apart. */
type NatsFailure = {message?: string; code?: string; api_error?: {err_code?: number; description?: string}};

/** The JetStream error code of a failure (10059 no such stream, 10077 full), or undefined. */
export function apiCode(error: unknown): number | undefined {
	return (error as NatsFailure).api_error?.err_code;
}

/**
 * A failure in the words the runbook looks for: "connection refused", "timeout", "no responders",
 * or the server's own description.
 */
export function describe(error: unknown): string {
	const {api_error: api, code, message} = error as NatsFailure;
	// A full stream and missing responders share the code 503: only the server's own answer tells them apart.
	if (api) return `${api.description ?? 'refused by JetStream'} (${api.err_code})`;
	if (code === '503') return 'no responders';
	if (code === 'TIMEOUT') return 'timeout';
	if (code === 'CONNECTION_REFUSED' || code === 'ECONNREFUSED') return 'connection refused';
	return message || String(error);
}
