import {closeSync, existsSync, mkdirSync, openSync, statSync} from 'node:fs';
import type {Place} from '../place.ts';
import {must, run} from '../run.ts';

/** True when this process already is inside the instance's network namespace, or the instance has none. */
export function insideNetns(place: Place): boolean {
	if (!place.isolated) return true;
	try {
		return statSync('/proc/self/ns/net').ino === statSync(place.netns).ino;
	} catch {
		return false;
	}
}

/** The command that runs a program inside the instance's network namespace; empty when none is needed. */
export function enterCommand(place: Place): string[] {
	return insideNetns(place) ? [] : ['nsenter', `--net=${place.netns}`, '--'];
}

/**
 * Makes the instance's network namespace with its loopback up, unless it is there. It is held by a bind mount,
 * so it outlives the daemon.
 * @param busybox the unpacked busybox, whose `ip` spares a machine without iproute2
 * @throws LabError when the kernel refuses
 */
export async function ensureNetns(place: Place, busybox: string): Promise<void> {
	if (!place.isolated) return;
	mkdirSync(place.state, {recursive: true});
	// one that is mounted already can't be opened for writing
	if (!existsSync(place.netns)) closeSync(openSync(place.netns, 'a'));
	const there = await run('nsenter', [`--net=${place.netns}`, 'true']);
	if (there.code === 0) return;
	await must('Making a network namespace', 'unshare', [
		`--net=${place.netns}`,
		busybox,
		'ip',
		'link',
		'set',
		'lo',
		'up',
	]);
}
