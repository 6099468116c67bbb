import {StepError} from '../../source/deployment/step-error.ts';
import {UnplannedError} from '../../source/lock/engine-lock.ts';
import {fromLabels, type Holder, toLabels} from '../../source/lock/holder.ts';
import {LockedError, lockedText} from '../../source/lock/host-lock.ts';
import type {Lock, RunLock} from '../../source/lock/lock.ts';
import type {JournalEvent} from '../../source/records/event.ts';
import {isUnfinished} from '../../source/state/run.ts';
import {type Port, unreachable} from './port.ts';
import {newestRun} from './unfinished.ts';
import type {EngineLock, Folder} from './world.ts';

// A dead run of another host is known to be dead once its heart was not heard for so long.
const listensMs = 10_000;
const copiesInMs = 20;
const confirmTries = 3;
const confirmEveryMs = 500;

/** One run at a time: the host's lock, which dies with its process, and the engine's, which has a heartbeat and a copy of the journal. */
export function openWorldLock(port: Port, folder: Folder): Lock {
	const {world} = port;
	return {
		take: (run) => take(port, folder, run),
		async holder() {
			const here = world.hostLocks.get(port.host);
			if (here && here.port !== port && here.port.isAlive) {
				return lockedText(holderOf(here.port, here.run));
			}
			return port.ask<string | undefined>({
				to: 'lock',
				what: 'who has the deployment',
				changes: false,
				otherwise: () => undefined,
				act(reply) {
					const lock = world.engineLock;
					const isHeld = lock && lock.port !== port && !hasFinished(lock) && lives(port, lock);
					reply.ok(isHeld ? lockedText(holderOf(lock.port, lock.run)) : undefined);
				},
			});
		},
	};
}

/** Whether the holder of the lock lives, as this process can tell. */
const lives = (port: Port, {port: holder}: EngineLock): boolean =>
	holder.host === port.host ? holder.isAlive : holder.beats();

export const hasFinished = ({copy}: EngineLock): boolean => copy.some(({event}) => event === 'finished');

async function take(
	port: Port,
	folder: Folder,
	{run, resumes}: {run: string; resumes: string | undefined},
): Promise<RunLock> {
	port.check();
	const {world} = port;
	const here = world.hostLocks.get(port.host);
	if (here?.port.isAlive && here.port !== port) {
		throw new LockedError(holderOf(here.port, here.run));
	}
	const own = {port, run};
	world.hostLocks.set(port.host, own);
	const free = (): void => {
		if (world.hostLocks.get(port.host) === own) {
			world.hostLocks.delete(port.host);
		}
	};
	let lock: EngineLock;
	try {
		lock = await takeEngine(port, folder, run, resumes);
	} catch (error) {
		if (error instanceof LockedError || error instanceof UnplannedError) {
			free();
			throw error;
		}
		port.isUnlocked = true;
		return {
			lost: new AbortController().signal,
			note: `The engine cannot hold this run's lock: ${(error as Error).message}.`,
			copy() {},
			async confirm() {},
			async release() {
				port.check();
				free();
			},
		};
	}
	return held(port, lock, free);
}

function takeEngine(
	port: Port,
	folder: Folder,
	run: string,
	resumes: string | undefined,
): Promise<EngineLock> {
	const {world} = port;
	return port.ask<EngineLock>({
		to: 'lock',
		what: 'take the deployment',
		changes: true,
		act(reply) {
			const attempt = (listened: EngineLock | undefined): void => {
				if (world.isEngineDead) {
					reply.fail(unreachable());
					return;
				}
				const other = world.engineLock;
				if (other && other.port !== port && !hasFinished(other)) {
					if (lives(port, other)) {
						reply.fail(new LockedError(holderOf(other.port, other.run)));
						return;
					}
					if (other.port.host !== port.host && listened !== other) {
						world.time.after(listensMs, () => attempt(other));
						return;
					}
					const isNews = keepJournal(folder, other);
					if (other.run !== resumes && (isNews || isLeft(port, folder, other.run))) {
						reply.fail(new UnplannedError(holderOf(other.port, other.run)));
						return;
					}
				}
				if (!port.isAlive) {
					return;
				}
				const finishes = [...(other?.finishes ?? []), resumes ?? ''].filter(
					(id) => id !== '' && folder.journals.get(id)?.isKept !== false,
				);
				world.engineLock = {port, run, copy: [], finishes};
				reply.ok(world.engineLock);
			};
			attempt(undefined);
		},
	});
}

function isLeft(port: Port, folder: Folder, run: string): boolean {
	const newest = newestRun(port, folder);
	return newest?.id === run && isUnfinished({...newest, alive: false});
}

/** Keeps the journal of another's dead run among the own ones. Answers whether it was not there, or not whole. */
function keepJournal(folder: Folder, {run, copy}: EngineLock): boolean {
	const there = folder.journals.get(run);
	if (copy.length === 0 || (there && there.events.length >= copy.length)) {
		return false;
	}
	folder.journals.set(run, {events: [...copy], isKept: there?.isKept ?? true});
	return true;
}

function held(port: Port, lock: EngineLock, free: () => void): RunLock {
	const {world} = port;
	const lost = new AbortController();
	const waiting: JournalEvent[] = [];
	const arrive = (): void => {
		if (!world.isEngineDead && waiting.length > 0) {
			// One that somebody removed is made again with the next line.
			world.engineLock ??= lock;
			lock.copy.push(...waiting.splice(0));
		}
	};
	const claim = (): Promise<void> =>
		port.ask<void>({
			to: 'lock',
			what: 'confirm',
			changes: false,
			act(reply) {
				if (world.isEngineDead) {
					reply.fail(unreachable());
					return;
				}
				arrive();
				world.engineLock ??= lock;
				if (world.engineLock !== lock) {
					lost.abort(new Error('another run took the deployment, as nothing was heard of this one'));
				}
				reply.ok(undefined);
			},
		});
	return {
		lost: lost.signal,
		note: undefined,
		copy(event: JournalEvent) {
			port.check();
			// It leaves the process a moment later: a kill takes the last lines with it.
			waiting.push(event);
			port.later(event.event === 'progress' ? 10 * copiesInMs : copiesInMs, arrive);
		},
		async confirm() {
			for (let tries = 1; ; tries++) {
				lost.signal.throwIfAborted();
				try {
					await claim();
					break;
				} catch (error) {
					if (tries === confirmTries) {
						throw new StepError(
							`Could not confirm that this run still holds the lock: ${(error as Error).message}.`,
						);
					}
				}
				await new Promise<void>((resolve) => port.later(confirmEveryMs, resolve));
			}
			lost.signal.throwIfAborted();
		},
		async release() {
			port.check();
			free();
			await port.ask<void>({
				to: 'lock',
				what: 'give the deployment free',
				changes: true,
				otherwise: () => undefined,
				act(reply) {
					arrive();
					world.time.after(10 * copiesInMs, () => {
						const stays = lock.finishes.length > 0 && hasFinished(lock);
						if (world.engineLock === lock && !stays && !world.isEngineDead) {
							world.engineLock = undefined;
						}
						reply.ok(undefined);
					});
				},
			});
		},
	};
}

const holderOf = (port: Port, run: string): Holder =>
	fromLabels(
		toLabels({
			...fromLabels({}),
			run,
			runbook: 'run',
			user: port.name,
			host: port.host,
			pid: port.pid,
			pidStart: '1',
			machine: `world-${port.host}`,
		}),
	);
