import {readStorePlace, type StoreReader} from '../clients/store-place.ts';
import {nodesOf} from '../config/nodes.ts';
import type {Config} from '../config/schema.ts';
import type {ContainerFacts, Emit} from '../state/observation.ts';
import {pause} from './loop.ts';

/** A server that is booting does not say yet where its store is. */
const againMs = [1000, 5000, 30_000];

/**
Watches where each server keeps its streams: looks when its container is started, until it says so. It is handed what the
other sources see. Never throws.
*/
export function watchStorePlaces(
	{config, docker}: {config: Config; docker: StoreReader},
	emit: Emit,
	signal: AbortSignal,
): Emit {
	const nodes = new Map(nodesOf(config).map((node) => [node.service, node.monitor]));
	const looked = new Map<string, string>();

	const see = ({service, containerId, startedAt, status}: ContainerFacts): void => {
		const key = `${containerId} ${startedAt}`;
		if (!nodes.has(service) || status !== 'running' || looked.get(service) === key) {
			return;
		}
		looked.set(service, key);
		void (async () => {
			for (const waitMs of [0, ...againMs]) {
				await pause(waitMs, signal);
				if (signal.aborted || looked.get(service) !== key) {
					return;
				}
				const place = await readStorePlace(docker, containerId, nodes.get(service), signal);
				if (signal.aborted || looked.get(service) !== key) {
					return;
				}
				// What it holds is another figure a moment later.
				const {heldBytes: _held, streams: _streams, ...lasting} = place;
				emit({kind: 'store', service, place: lasting, at: Date.now()});
				if (place.kind !== 'unknown') {
					return;
				}
			}
		})().catch(() => {});
	};

	return (observation) => {
		if (observation.kind === 'containers') {
			observation.containers.forEach(see);
		} else if (observation.kind === 'container') {
			see(observation.container);
		}
	};
}
