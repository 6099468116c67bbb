import {existsSync, readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Place} from '../place.ts';

/** Where control groups are frozen, version 1 before version 2, and what to write to freeze and to thaw. */
const SWITCHES = [
	{root: '/sys/fs/cgroup/freezer', file: 'freezer.state', frozen: 'FROZEN', thawed: 'THAWED'},
	{root: '/sys/fs/cgroup', file: 'cgroup.freeze', frozen: '1', thawed: '0'},
];

/**
 * Thaws every container of the instance's private engine behind the engine's back. A pause that falls into the start
 * of a health check freezes that check too, with a lock of the container in its hands: the engine's own unpause, and
 * even its inspect, then wait for ever.
 */
export function thawAll(place: Place): void {
	setFrozen(place, '', false);
}

/**
 * Freezes one container behind the engine's back: one that was thawed this way counts as paused in the engine, which
 * can only unpause what is frozen.
 * @param id the container's whole id
 */
export function freezeOne(place: Place, id: string): void {
	setFrozen(place, id, true);
}

/** Freezes or thaws the containers whose id starts with `id`, by the one freezer that this machine's engine uses. */
function setFrozen(place: Place, id: string, frozen: boolean): void {
	for (const {root, file, ...values} of SWITCHES) {
		const parent = join(root, `jetmedic-lab-${place.name}`);
		const names = existsSync(parent) ? readdirSync(parent).filter((name) => name.startsWith(id)) : [];
		const paths = names.map((name) => join(parent, name, file)).filter((path) => existsSync(path));
		for (const path of paths) writeFileSync(path, frozen ? values.frozen : values.thawed);
		// a machine with both versions uses the first: freezing in the other too would never be undone
		if (paths.length > 0) return;
	}
}
