/** The error codes that the console acts on (nats-server, server/errors.json). */
export const ErrorCode = {
	streamNotFound: 10059,
	consumerNotFound: 10014,
	consumerExists: 10148,
	streamExists: 10130,
	restoreFailed: 10062,
	subjectsOverlap: 10065,
	/** The server has no leader of its cluster. */
	clusterNotAvailable: 10008,
} as const;

/** A refusal by the JetStream API, with the server's own code and words. */
export class JetStreamError extends Error {
	override name = 'JetStreamError';
	/** Like an HTTP status. */
	readonly code: number;
	/** See `ErrorCode`; 0 where the server gave none. */
	readonly errCode: number;

	constructor(what: string, code: number, errCode: number, description: string) {
		super(`${what}: ${description || 'refused'} (${errCode || code})`);
		this.code = code;
		this.errCode = errCode;
	}
}

/** No answer to an API request: nobody listens, or no answer within the deadline. */
export class NoAnswerError extends Error {
	override name = 'NoAnswerError';
	/** `no-responders`: JetStream is off or the server is not there; `timeout`: the outcome is unknown. */
	readonly reason: 'timeout' | 'no-responders' | 'disconnected' | 'denied';

	constructor(what: string, reason: NoAnswerError['reason'], detail = '') {
		const words = {
			timeout: 'no answer in time',
			'no-responders': 'nobody answers: JetStream is off, or not for this account',
			disconnected: 'not connected',
			denied: 'permission denied',
		};
		super(`${what}: ${words[reason]}${detail && `: ${detail}`}`);
		this.reason = reason;
	}
}
