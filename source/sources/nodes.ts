import {HttpError} from '../clients/http.ts';
import {readConnections, readHealthz} from '../clients/nats/monitor.ts';
import {readNode} from '../clients/nats/node.ts';
import type {Node} from '../config/nodes.ts';
import type {Emit} from '../state/observation.ts';
import {type ReadingFacts, unreadBecause, wasRead} from '../state/reading.ts';
import {poll} from './loop.ts';

const everyMs = 1000;
const viewEverySweeps = 3;
const connectionsEveryMs = 6000;

/**
Polls the monitoring port of each server of a cluster: /healthz each second; /varz, /routez and /jsz with the
streams each third; /connz of all each sixth. The first server's also tell what they tell of a server that is alone. Never throws.
*/
export async function watchNodes(nodes: readonly Node[], emit: Emit, signal: AbortSignal): Promise<void> {
	const watched = nodes.flatMap(({service, monitor}, index) =>
		monitor === undefined ? [] : [{service, monitor, isFirst: index === 0}],
	);
	await Promise.all([
		...watched.map((node) => watchNode(node, emit, signal)),
		watchConnections(
			watched.map(({monitor}) => monitor),
			emit,
			signal,
		),
	]);
}

/** Who is connected to the cluster: a client is at one server, so only all of them together tell that one is at none. */
const watchConnections = (monitors: string[], emit: Emit, signal: AbortSignal): Promise<void> =>
	poll(connectionsEveryMs, signal, async () => {
		try {
			const counts = await Promise.all(monitors.map((monitor) => readConnections(monitor, signal)));
			if (!signal.aborted && counts.every((byAddress) => byAddress !== undefined)) {
				emit({kind: 'connz', byAddress: summed(counts), at: Date.now()});
			}
		} catch {
			// Without one of the servers it is not known who is connected; its own health tells that it is away.
		}
	});

function summed(counts: readonly Record<string, number>[]): Record<string, number> {
	const sums = new Map<string, number>();
	for (const [address, count] of counts.flatMap(Object.entries<number>)) {
		sums.set(address, (sums.get(address) ?? 0) + count);
	}
	return Object.fromEntries(sums);
}

async function watchNode(
	{service, monitor, isFirst}: {service: string; monitor: string; isFirst: boolean},
	emit: Emit,
	signal: AbortSignal,
): Promise<void> {
	const sources = [`node:${service}`, ...(isFirst ? ['monitor'] : [])];
	let sweep = 0;
	await poll(everyMs, signal, async () => {
		const healthz = await readHealthz(monitor, signal);
		if (signal.aborted) {
			return;
		}
		const at = Date.now();
		emit({kind: 'node', service, ...healthz, at});
		if (isFirst) {
			emit({kind: 'healthz', ...healthz, at});
		}
		const isAway = healthz.status === 'unreachable';
		for (const source of sources) {
			emit(
				isAway
					? {kind: 'source', source, status: 'down', error: `${monitor}/healthz: ${healthz.error}`, at}
					: {kind: 'source', source, status: 'up', at},
			);
		}
		// The first look at a server that is back is a whole one: its name and its version may be others.
		if (isAway) {
			sweep = 0;
		} else if (sweep++ % viewEverySweeps === 0) {
			await look();
		}
	});

	function tell(reading: ReadingFacts): void {
		if (!signal.aborted) {
			emit({kind: 'reading', of: `view:${service}`, reading, at: Date.now()});
		}
	}

	async function look(): Promise<void> {
		try {
			const {view, varz, jsz} = await readNode(monitor, signal);
			const at = Date.now();
			emit({kind: 'node-view', service, view, at});
			emit({kind: 'varz', service, varz, at});
			emit({kind: 'jsz', service, jsz, at});
			if (isFirst) {
				emit({kind: 'varz', varz, at});
				emit({kind: 'jsz', jsz, at});
			}
			tell(wasRead);
		} catch (error) {
			// /jsz can hang on a store that is stuck; the view then grows old, and the other servers tell.
			tell(unreadBecause(error instanceof HttpError ? error.message : 'could not be read: unexpected form'));
		}
	}
}
