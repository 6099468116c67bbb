import {readFileSync} from 'node:fs';
import {inContainer} from '../config/in-container.ts';
import {nearest} from './place.ts';

/**
Whether a folder goes with the container that this process runs in: it is in the container's own layer, on no volume. With
`docker run --rm` the journal and the backups are then gone the moment that jetmedic ends.

@param mounts - /proc/self/mountinfo: the fifth field is where something is mounted. (proc_pid_mountinfo(5))
*/
export function isFleeting(
	folder: string,
	mounts = read('/proc/self/mountinfo'),
	isContainer = inContainer(),
): boolean {
	if (!isContainer || mounts === undefined) {
		return false;
	}
	// A virtual machine that was made of an image has the file of a container, and a disk of its own.
	if (!isLayered(mounts)) {
		return false;
	}
	const at = nearest(folder);
	const points = mounts
		.split('\n')
		.map((line) => decode(line.split(' ')[4] ?? ''))
		.filter((point) => point !== '' && (at === point || at.startsWith(point === '/' ? '/' : `${point}/`)));
	// The last one of the longest is what is seen there.
	return points.length > 0 && points.every((point) => point === '/');
}

/** Whether `/` is the layer of a container: overlayfs, or what stands in for it where that is not to be had. */
const isLayered = (mounts: string): boolean => {
	const root = mounts.split('\n').findLast((line) => line.split(' ')[4] === '/');
	return /^(overlay|aufs|fuse\.fuse-overlayfs)$/.test(root?.split(' - ')[1]?.split(' ')[0] ?? '');
};

/** The sentence for whoever runs it so. */
export const fleetingText = (folder: string): string =>
	`${folder} is lost with this container: mount a volume there, or name a folder on one with --state-dir.`;

/** Spaces and the like are octal there. */
const decode = (point: string): string =>
	point.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

function read(path: string): string | undefined {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return undefined;
	}
}
