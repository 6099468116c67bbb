import type {SourceReason} from '../../state/types.ts';
import {redact} from '../../text/redact.ts';
import {sanitize} from '../../text/sanitize.ts';
import type {DockerEndpoint} from './endpoint.ts';

type Fault = {
	code?: unknown;
	name?: unknown;
	message?: unknown;
	statusCode?: unknown;
	json?: unknown;
	cause?: unknown;
};

/**
A failed call to the engine as a sentence that says what failed, on what, and what to do. What the engine or
the system said is sanitised and freed from secrets; nothing of it is trusted.
*/
export function describeDockerError(error: unknown, endpoint: DockerEndpoint): string {
	const fault = (typeof error === 'object' && error !== null ? error : {message: error}) as Fault;
	const where = endpoint.describe;
	const message = said(fault);
	if (/HTTP request to an HTTPS server/i.test(message)) {
		return `Cannot reach the Docker engine at ${where}: it speaks TLS. Set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH, or use a context.`;
	}
	if (typeof fault.statusCode === 'number') {
		return `The Docker engine at ${where} answers ${fault.statusCode}: ${withoutDot(message)}.`;
	}
	if (fault.name === 'UnreadableContainer') {
		return `Cannot read the containers of the Docker engine at ${where}: ${withoutDot(message)}.`;
	}
	const code = codeOf(fault);
	return `Cannot reach the Docker engine at ${where}: ${reason(code, fault, endpoint) ?? `${withoutDot(message)}.`}`;
}

/**
What kind of failure a call to the engine is. Only that nothing is at its own address says that it is not there; an engine
that is slow, or a host that is busy, looks like any other silence.
*/
export function dockerFault(error: unknown, endpoint: DockerEndpoint): SourceReason | undefined {
	const fault = (typeof error === 'object' && error !== null ? error : {}) as Fault;
	const code = codeOf(fault);
	if (code === 'EACCES' || code === 'EPERM' || fault.statusCode === 401 || fault.statusCode === 403) {
		return 'denied';
	}
	if (code === 'ECONNREFUSED' || (code === 'ENOENT' && endpoint.kind === 'socket')) {
		return 'absent';
	}
	return isSilence(code, fault) ? 'silent' : undefined;
}

const isSilence = (code: string, fault: Fault): boolean =>
	code === 'ETIMEDOUT' || code === 'ESOCKETTIMEDOUT' || code === 'ABORT_ERR' || isTimeout(fault);

function reason(code: string, fault: Fault, endpoint: DockerEndpoint): string | undefined {
	const local = endpoint.kind === 'socket';
	switch (code) {
		case 'EACCES':
		case 'EPERM':
			return 'permission denied. Add yourself to the docker group, or run as root.';
		case 'ENOENT':
			return 'there is no such socket. Is Docker running? Start it, or name the engine with DOCKER_HOST or a Docker context.';
		case 'ENOTSOCK':
			return 'it is not a socket. Name the engine with DOCKER_HOST or a Docker context.';
		case 'ECONNREFUSED':
			return local
				? 'connection refused. Is Docker running?'
				: 'connection refused. Is Docker running, and does it listen on this port?';
		case 'ECONNRESET':
		case 'EPIPE':
			return 'the connection was closed. Is Docker restarting?';
		case 'ENOTFOUND':
		case 'EAI_AGAIN':
			return 'the host name is not known. Check the address.';
		case 'EHOSTUNREACH':
		case 'ENETUNREACH':
			return 'there is no route to the host. Check the network.';
		case 'CERT_HAS_EXPIRED':
			return 'its certificate has expired. Renew it.';
		case 'ERR_TLS_CERT_ALTNAME_INVALID':
			return 'its certificate is for another host name. Use the name that it is for.';
		case 'DEPTH_ZERO_SELF_SIGNED_CERT':
		case 'SELF_SIGNED_CERT_IN_CHAIN':
		case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
		case 'UNABLE_TO_GET_ISSUER_CERT':
		case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
			return 'its certificate is not signed by a known CA. Check ca.pem in DOCKER_CERT_PATH or in the context.';
	}
	if (isSilence(code, fault)) {
		return local
			? 'no answer in time. The engine or this host is overloaded or hangs: check its load and its log.'
			: 'no answer in time. Check the address and the firewall.';
	}
	if (
		code === 'EPROTO' ||
		code.startsWith('ERR_SSL') ||
		code.startsWith('ERR_TLS') ||
		code.startsWith('ERR_OSSL')
	) {
		return endpoint.kind === 'tcp' && endpoint.tls
			? 'the TLS handshake failed. Does this port speak TLS, and are cert.pem and key.pem the right ones?'
			: 'the TLS handshake failed.';
	}
	return undefined;
}

/** Node hides the cause: `fetch failed`, an AggregateError of both IP versions. */
function codeOf(fault: Fault): string {
	if (typeof fault.code === 'string') {
		return fault.code;
	}
	const cause = fault.cause as Fault | undefined;
	return typeof cause?.code === 'string' ? cause.code : '';
}

const isTimeout = (fault: Fault): boolean => fault.name === 'TimeoutError' || fault.name === 'AbortError';

/** The engine's own words, which dockerode wraps in `(HTTP code 409) conflict - ...`. */
function said(fault: Fault): string {
	const body = (fault.json as {message?: unknown} | null | undefined)?.message;
	const text = typeof body === 'string' ? body : String(fault.message ?? '');
	return (
		redact(sanitize(text, 300))
			.replace(/^\(HTTP code \d+\)\s*(?:[^-]{0,60} - )?/, '')
			.trim() || 'unknown error'
	);
}

const withoutDot = (text: string): string => text.replace(/[.\s]+$/, '');
