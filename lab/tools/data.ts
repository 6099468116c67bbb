import type {Scene} from '../faults/fault.ts';
import {imagesOf} from '../images/prepare.ts';
import {docker} from '../project/docker.ts';
import {STREAM} from '../project/stream.ts';

/** The stream's folder in the server's container. */
const STREAM_FOLDER = `/data/jetstream/$G/streams/${STREAM}`;

/**
 * Damages the data of the stopped server: runs a shell command in the stream's folder, or another one, in a
 * container of its own.
 * @param command what busybox's shell understands
 */
export async function damage({engine}: Scene, command: string, folder = STREAM_FOLDER): Promise<void> {
	await docker(
		engine,
		"Damaging the server's data",
		'run',
		'--rm',
		'--network=none',
		'--volumes-from=titan-nats',
		'--entrypoint=sh',
		imagesOf(engine).nats,
		'-c',
		`cd '${folder}' && ${command}`,
	);
}
