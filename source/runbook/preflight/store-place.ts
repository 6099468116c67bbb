import {nodesOf} from '../../config/nodes.ts';
import type {ContainerFacts} from '../../state/observation.ts';
import {reattachCommand} from '../../state/reattach.ts';
import type {CheckResult} from '../../state/run.ts';
import {isDetached} from '../../state/service.ts';
import {outlivesContainer, type StorePlace} from '../../state/store-place.ts';
import {plural} from '../../text/count.ts';
import type {ReadContext} from '../context.ts';
import type {Needs} from '../needs.ts';
import {type PlanFacts, servicesOf} from '../step.ts';

/**
What a runbook does to the container of a server: a restart keeps it, and Compose makes it again. `attach` is the command that
does without: it gives a container its network back.
*/
export type StoreRisk = {service: string} & ({does: 'restart'} | {does: 'recreate'; attach: string});

/**
Whether the streams of a server outlive what the steps do to its container. What is not known counts as lost: a container
that was made again cannot be taken back. Pure.
*/
export function judgeStorePlace(risk: StoreRisk, place: StorePlace): CheckResult[] {
	const {service} = risk;
	const name = `store of ${service}`;
	const refuse = (evidence: string): CheckResult[] => [{name, ok: false, evidence}];
	if (place.kind === 'memory') {
		const where = `${service} keeps its streams on a tmpfs${place.folder === undefined ? '' : ` (${place.folder})`}`;
		// The server's own word: a figure that it does not give is not 0.
		if (place.heldBytes === 0) {
			return [{name, ok: true, evidence: `${where}, which holds 0 bytes${definitionsOf(place)}`}];
		}
		return refuse(
			`${where}, and a restart loses them. Back them up first (jetmedic backup), and add a volume for its store_dir.`,
		);
	}
	if (risk.does === 'restart') {
		return [];
	}
	// A restart does not bring a network back, so the container would be made again.
	const instead = `Attach it by hand: ${risk.attach}. Then back up its streams (jetmedic backup), and add a volume for its store_dir.`;
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

/** A stream without messages still has its configuration and its consumers there. */
const definitionsOf = ({streams}: StorePlace): string =>
	streams === 0
		? ''
		: `; a restart loses the configuration of ${streams === undefined ? 'its streams' : plural(streams, 'stream')}, with the consumers`;

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
				? judgeStorePlace(
						isRemade
							? {service, does: 'recreate', attach: reattachCommand(container, services)}
							: {service, does: 'restart'},
						place,
					)
				: [];
		}),
	);
	return found.flat();
}
