import {newestOf} from '../../source/records/newest-run.ts';
import {toRunState} from '../../source/records/run-state.ts';
import {newer} from '../../source/sources/runs.ts';
import {isUnfinished, type RunState} from '../../source/state/run.ts';
import {type Port, unreachable} from './port.ts';
import type {EngineLock, Folder} from './world.ts';

type Seen = {run: RunState; size: number; finishes: string[]};

/** What `unfinishedRun` of the sources answers, by the journals of a state folder and the engine's lock. */
export async function unfinishedRun(port: Port, folder: Folder): Promise<RunState | undefined> {
	const other = await port.ask<Seen | undefined>({
		to: 'lock',
		what: 'read the run of the engine',
		changes: false,
		otherwise: () => undefined,
		act(reply) {
			if (port.world.isEngineDead) {
				reply.fail(unreachable());
				return;
			}
			const lock = port.world.engineLock;
			reply.ok(lock && !folder.journals.has(lock.run) ? shown(port, lock) : undefined);
		},
	});
	const run = newer(newestRun(port, folder), other);
	return isUnfinished(run) ? run : undefined;
}

function shown(port: Port, {port: holder, copy, finishes}: EngineLock): Seen | undefined {
	const alive = holder.host === port.host ? holder.isAlive : holder.beats();
	const run = toRunState(copy, alive);
	return run && {run, size: copy.length, finishes};
}

/** The newest run of a folder; of one that was kept nobody lives. */
export const newestRun = ({world}: Port, folder: Folder): RunState | undefined =>
	newestOf(
		[...folder.journals.keys()]
			.sort()
			.reverse()
			.map((id) => ({
				events: () => folder.journals.get(id)!.events,
				alive: world.runs.get(id)?.isAlive ?? false,
			})),
	);
