import {readConnections, readHealthz, readJsz, readVarz} from '../clients/nats/monitor.ts';
import type {Emit} from '../state/observation.ts';
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
			const byAddress = await readConnections(monitor, signal).catch(() => undefined);
			if (byAddress !== undefined && !signal.aborted) {
				emit({kind: 'connz', byAddress, at: Date.now()});
			}
		}
		if (sweep++ % detailsEverySweeps === 0) {
			try {
				const [varz, jsz] = await Promise.all([readVarz(monitor, signal), readJsz(monitor, signal)]);
				emit({kind: 'varz', varz, at: Date.now()});
				emit({kind: 'jsz', jsz, at: Date.now()});
			} catch {
				// /jsz can hang on a store that is stuck; healthz and the stream poll tell what is wrong.
			}
		}
	});
}
