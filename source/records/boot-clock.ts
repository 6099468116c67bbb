import {uptime} from 'node:os';
import {machineId} from './machine.ts';

/** A moment by a clock that nobody sets: the time since the boot of the machine, with which boot it is. */
export type BootTime = {machine: string; upMs: number};

/** Now, by the clock of the boot; undefined where no boot can be told from another. (proc_uptime(5); it counts in suspension) */
export function bootTime(): BootTime | undefined {
	const machine = machineId();
	return machine === '' ? undefined : {machine, upMs: Math.round(uptime() * 1000)};
}

/**
How long ago something was, milliseconds, never less than 0. In the same boot the clock of the boot says so, however the
wall clock was set meanwhile; after another boot, or on another machine, only the wall clock is left.

@param at - By the wall clock.
*/
export function ageMs(at: number, boot: BootTime | undefined, nowMs = Date.now(), now = bootTime()): number {
	const age = boot !== undefined && boot.machine === now?.machine ? now.upMs - boot.upMs : nowMs - at;
	return Math.max(0, age);
}
