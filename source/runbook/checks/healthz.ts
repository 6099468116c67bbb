import {formatElapsed} from '../../text/duration.ts';
import type {RunContext} from '../context.ts';
import {answerMs, type Check} from './check.ts';

/** The server says that it is well. It says so too often to be believed alone: the other checks look for themselves. */
export function healthzCheck(monitor: string, {deployment, signal}: RunContext): Check {
	return {
		name: '/healthz ok',
		otherwise:
			'Read the log of the server. While it is booting, wait; a stream that could not be recovered needs full recovery (F).',
		async test() {
			const {status, error, elapsedMs} = await deployment.server.healthz(monitor, signal, answerMs);
			return {
				ok: status === 'ok',
				evidence: status === 'ok' ? `ok in ${formatElapsed(elapsedMs)}` : `${status}: ${error}`,
			};
		},
	};
}
