import {existsSync, mkdirSync, readFileSync, rmdirSync} from 'node:fs';
import type {Engine} from '../engine/types.ts';
import {PROJECT} from '../place.ts';
import {docker} from '../project/docker.ts';
import {LabError, must, run} from '../run.ts';

const VOLUME = `${PROJECT}_nats-data`;

/** Where the volume of the first server is on this machine; undefined when it is not here. */
async function volumeFolder(engine: Engine): Promise<string | undefined> {
	const found = await run('docker', ['volume', 'inspect', '-f', '{{.Mountpoint}}', VOLUME], {
		env: engine.env,
	});
	const folder = found.stdout.trim();
	return found.code === 0 && existsSync(folder) ? folder : undefined;
}

/**
 * Puts the data of the first server, which must be stopped, on a disk of its own.
 * @param size as mount(8) takes it, for example `32m`
 * @throws LabError where the volume is not a folder of this machine, or cannot be mounted over
 */
export async function putOnSmallDisk(engine: Engine, size: string): Promise<void> {
	const folder = await volumeFolder(engine);
	if (!folder || process.getuid?.() !== 0)
		throw new LabError('A full disk needs root and the engine on this very Linux machine: use store-full.');
	const small = `${folder}.small`;
	mkdirSync(small, {recursive: true});
	await must('Making a small disk', 'mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', small]);
	await must('Copying the data to it', 'cp', ['-a', `${folder}/.`, small]);
	await must('Putting it in place', 'mount', ['--bind', small, folder]);
	await must('Putting it in place', 'umount', [small]);
	rmdirSync(small);
}

/** Whether the first server's data is on a disk that `putOnSmallDisk` made. */
export async function isOnSmallDisk(engine: Engine): Promise<boolean> {
	const folder = await volumeFolder(engine);
	return folder !== undefined && isMounted(folder);
}

/** Puts the data, without what filled the disk, back to where it belongs; the server must be stopped. */
export async function releaseDisk(engine: Engine): Promise<void> {
	if (process.platform !== 'linux') return;
	const folder = await volumeFolder(engine);
	if (folder === undefined || !isMounted(folder)) return;
	const small = `${folder}.small`;
	await docker(engine, 'Stopping titan-nats', 'stop', '-t', '1', 'titan-nats');
	mkdirSync(small, {recursive: true});
	await must('Taking the small disk away', 'mount', ['--bind', folder, small]);
	await must('Taking the small disk away', 'umount', ['--lazy', folder]);
	await must('Clearing the old data', 'sh', ['-c', 'rm -rf "$0"/* "$1/filler"', folder, small]);
	await must('Copying the data back', 'cp', ['-a', `${small}/.`, folder]);
	await must('Taking the small disk away', 'umount', ['--lazy', small]);
	rmdirSync(small);
}

function isMounted(folder: string): boolean {
	return readFileSync('/proc/self/mountinfo', 'utf8')
		.split('\n')
		.some((line) => line.split(' ')[4] === folder);
}
