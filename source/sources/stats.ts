import type {DockerClient} from '../clients/docker/client.ts';
import type {Stats} from '../clients/docker/schema.ts';
import {cpuPercent, memory} from '../clients/docker/stats.ts';
import type {Emit} from '../state/observation.ts';
import {poll} from './loop.ts';

const everyMs = 5000;

/**
Sweeps CPU and memory of the running containers, one sample each (one-shot), a sample compared with the one
before. Streams of stats cost three times as much (docs/facts.md). Never throws: an engine that is gone is
told by the source that watches containers.

@param running - The containers that run now, by service.
*/
export async function watchStats(
	client: DockerClient,
	running: () => {service: string; containerId: string}[],
	emit: Emit,
	signal: AbortSignal,
): Promise<void> {
	let before = new Map<string, Stats>();
	let sweeps = 0;
	await poll(everyMs, signal, async () => {
		const samples = new Map<string, Stats>();
		for (const {service, containerId} of running()) {
			try {
				const stats = await client.stats(containerId);
				const used = stats && memory(stats);
				if (stats && used) {
					samples.set(containerId, stats);
					emit({
						kind: 'stats',
						service,
						cpuPercent: cpuPercent(stats, before.get(containerId)),
						memoryBytes: used.bytes,
						memoryLimitBytes: used.limitBytes,
						at: Date.now(),
					});
				}
			} catch {
				// The engine is gone, or the container: the next sweep tells.
			}
		}
		before = samples;
		// Two quick sweeps at the start, so that the first CPU figure is there after a second.
		sweeps++;
		return samples.size === 0 ? 250 : sweeps < 2 ? 1000 : everyMs;
	});
}
