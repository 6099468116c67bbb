import {nodesOf} from '../../config/nodes.ts';
import type {ContainerFacts} from '../../state/observation.ts';
import type {CheckResult} from '../../state/run.ts';
import {isDetached} from '../../state/service.ts';
import {outlivesContainer, type StorePlace} from '../../state/store-place.ts';
import type {ReadContext} from '../context.ts';
import type {Needs} from '../needs.ts';
import {type PlanFacts, servicesOf} from '../step.ts';

/** What a runbook does to the container of a server: a restart keeps it, and Compose makes it again. */
export type StoreRisk = {service: string; does: 'restart' | 'recreate'};

/**
Whether the streams of a server outlive what the steps do to its container. What is not known counts as lost: a container
that was made again cannot be taken back. Pure.
*/
export function judgeStorePlace({service, does}: StoreRisk, place: StorePlace): CheckResult[] {
	const name = `store of ${service}`;
	const refuse = (evidence: string): CheckResult[] => [{name, ok: false, evidence}];
	if (place.kind === 'memory') {
		return refuse(
			`${service} keeps its streams on a tmpfs (${place.folder}), and a restart loses them. Back them up first (jetmedic backup), and add a volume for its store_dir.`,
		);
	}
	if (does === 'restart') {
		return [];
	}
	// A restart does not bring a network back, so the container would be made again.
	const instead = `Attach it by hand: docker network connect --alias ${service} NETWORK ${service}. Then back up its streams (jetmedic backup), and add a volume for its store_dir.`;
	switch (outlivesContainer(place)) {
		case true:
			return [
				{
					name,
					ok: true,
					evidence: `its streams are on a ${place.kind === 'bind' ? 'bind mount' : place.kind}, which outlives the container`,
				},
			];
		case false:
			return refuse(
				`${service} keeps its streams inside its container (${place.folder ?? 'no volume'}), and recreating the container would lose all of them. ${instead}`,
			);
		default:
			return refuse(
				`Could not confirm that the streams of ${service} outlive its container: ${place.why ?? 'its store_dir is not known'}. ${instead}`,
			);
	}
}

/** Whether each server keeps its streams through what the steps do to its container. Never throws. */
export async function checkStorePlaces(
	{deployment, config, signal}: Pick<ReadContext, 'deployment' | 'config' | 'signal'>,
	services: readonly ContainerFacts[],
	facts: PlanFacts,
	{restarts, starts}: Pick<Needs, 'restarts' | 'starts'>,
): Promise<CheckResult[]> {
	const touched = new Set([...restarts, ...starts].flatMap((named) => servicesOf(named, facts)));
	const restarted = new Set(restarts.flatMap((named) => servicesOf(named, facts)));
	const found = await Promise.all(
		nodesOf(config).map(async ({service, monitor}) => {
			const container = services.find((one) => one.service === service);
			if (!container || !touched.has(service)) {
				return [];
			}
			const isRemade = isDetached(container);
			if (!isRemade && !restarted.has(service)) {
				return [];
			}
			// Nobody answers at the port of a server that is cut off from its network, but another one may.
			const place = await deployment.engine.storePlace(
				container.containerId,
				isRemade ? undefined : monitor,
				signal,
			);
			// What a tmpfs had is gone with the process already where that does not run.
			return container.status === 'running' || container.status === 'paused'
				? judgeStorePlace({service, does: isRemade ? 'recreate' : 'restart'}, place)
				: [];
		}),
	);
	return found.flat();
}
