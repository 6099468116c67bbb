import {ownDaemon} from '../engine/leftovers.ts';
import type {Engine} from '../engine/types.ts';
import type {Place} from '../place.ts';
import {LabError} from '../run.ts';

/**
 * The process id of the lab's own engine.
 * @throws LabError when the lab uses the machine's engine, which is not the lab's to stop
 */
export function needPrivate(place: Place, engine: Engine): number {
	const pid = engine.kind === 'private' ? ownDaemon(place) : undefined;
	if (pid) return pid;
	throw new LabError(
		`The ${engine.label} is not the lab's to stop: use a lab with an engine of its own ("npm run lab -- up --name own --isolated").`,
	);
}
