import type {DockerClient} from '../clients/docker/client.ts';
import {type LockContainer, openLockReader} from '../clients/docker/lock-container.ts';
import type {Config} from '../config/schema.ts';
import {machineId} from '../records/machine.ts';
import {hasFinished, lockName} from './engine-lock.ts';
import {stoppedAfterMs} from './heartbeat.ts';
import {fromLabels, type Holder, isRunningHere} from './holder.ts';
import {engineKey, lockAddress, lockHolder} from './host-lock.ts';
import {engineUsers} from './may-hold.ts';

/**
Who has a deployment now, by one look on this host and at the engine; undefined where it is free, where only a dead run
holds it, and for the process that has it itself. An engine that does not answer counts as free: who then takes the lock asks
again. Changes nothing, never throws.
*/
export async function findHolder({
	docker,
	config,
}: {
	docker: DockerClient;
	config: Config;
}): Promise<Holder | undefined> {
	const {project} = config.docker;
	const here = await lockHolder(
		lockAddress(engineKey(docker.endpoint), project),
		engineUsers(docker.endpoint),
	).catch(() => undefined);
	const holder = here ?? (await holderInEngine(docker, project).catch(() => undefined));
	return holder?.pid === process.pid && holder.machine === machineId() ? undefined : holder;
}

async function holderInEngine(docker: DockerClient, project: string): Promise<Holder | undefined> {
	const container = await openLockReader(docker.endpoint).read(lockName(project));
	return container && livingHolder(container);
}

/**
The run that holds a lock's container and lives, as far as one look tells. One without files counts as dead where it is
another machine's: that run was killed before its first line, or who takes the lock hears its heart.
*/
export function livingHolder(container: LockContainer): Holder | undefined {
	if (hasFinished(container)) {
		return undefined;
	}
	const holder = fromLabels(container.labels);
	const beats = container.ageMs !== undefined && container.ageMs < stoppedAfterMs;
	return (isRunningHere(holder) ?? beats) ? holder : undefined;
}
