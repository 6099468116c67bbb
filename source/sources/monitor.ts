import {HttpError} from '../clients/http.ts';
import {readConnections, readHealthz, readJsz, readVarz} from '../clients/nats/monitor.ts';
import type {Emit} from '../state/observation.ts';
import {type ReadingFacts, unreadBecause, wasRead} from '../state/reading.ts';
import {poll} from './loop.ts';

const everyMs = 1000;
const detailsEverySweeps = 3;
const connectionsEverySweeps = 6;

/** Polls the monitoring port: /healthz each second, /varz and /jsz each third, /connz each sixth. Never throws. */
export async function watchMonitor(monitor: string, emit: Emit, signal: AbortSignal): Promise<void> {
	let sweep = 0;
	await poll(everyMs, signal, async () => {
		const healthz = await readHealthz(monitor, signal);
		if (signal.aborted) {
			return;
		}
		emit({kind: 'healthz', ...healthz, at: Date.now()});
		if (healthz.status === 'unreachable') {
			const error = `${monitor}/healthz: ${healthz.error}`;
			emit({kind: 'source', source: 'monitor', status: 'down', error, at: Date.now()});
			return;
		}
		emit({kind: 'source', source: 'monitor', status: 'up', at: Date.now()});
		if (sweep % connectionsEverySweeps === 0) {
			await readOne('connz', emit, signal, async () => {
				const byAddress = await readConnections(monitor, signal);
				if (byAddress === undefined) {
					return {status: 'part', error: 'there are more connections than jetmedic reads'};
				}
				emit({kind: 'connz', byAddress, at: Date.now()});
				return wasRead;
			});
		}
		if (sweep++ % detailsEverySweeps === 0) {
			// /jsz can hang on a store that is stuck, and /varz answers all the same.
			await Promise.all([
				readOne('varz', emit, signal, async () => {
					emit({kind: 'varz', varz: await readVarz(monitor, signal), at: Date.now()});
					return wasRead;
				}),
				readOne('jsz', emit, signal, async () => {
					emit({kind: 'jsz', jsz: await readJsz(monitor, signal), at: Date.now()});
					return wasRead;
				}),
			]);
		}
	});
}

/** Reads one page, and tells whether it could be read. */
async function readOne(
	of: string,
	emit: Emit,
	signal: AbortSignal,
	read: () => Promise<ReadingFacts>,
): Promise<void> {
	const reading = await read().catch((error: Error) =>
		unreadBecause(error instanceof HttpError ? error.message : 'could not be read: unexpected form'),
	);
	if (!signal.aborted) {
		emit({kind: 'reading', of, reading, at: Date.now()});
	}
}
