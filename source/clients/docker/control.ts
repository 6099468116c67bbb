import {openDockerode, statusCode} from './client.ts';
import type {DockerEndpoint} from './endpoint.ts';

/** What can be done to a container. Made only where a run is under way: never with --read-only. */
export type DockerControl = {
	/** POST /containers/<id>/restart, with the container's own stop timeout, as `docker compose restart` does. */
	restart(id: string, graceSeconds?: number): Promise<void>;
	/** POST /containers/<id>/stop, with the container's own stop timeout. A stopped one is success. */
	stop(id: string, graceSeconds?: number): Promise<void>;
	/** POST /containers/<id>/start. A running one is success. */
	start(id: string): Promise<void>;
	/** POST /containers/<id>/unpause. One that is not paused is success. */
	unpause(id: string): Promise<void>;
};

// A server with 10,000 consumers takes 105 s to stop (docs/facts.md); a stop that is given up on is not undone.
const deadlineMs = 180_000;
const afterGraceMs = 30_000;

/** Opens a client that can change containers. */
export function openDockerControl(endpoint: DockerEndpoint): DockerControl {
	const docker = openDockerode(endpoint);
	// A container with a long grace may take all of it: a stop that is given up on still ends later.
	const deadline = (graceSeconds = 0): {abortSignal: AbortSignal} => ({
		abortSignal: AbortSignal.timeout(Math.max(deadlineMs, graceSeconds * 1000 + afterGraceMs)),
	});
	return {
		async restart(id, graceSeconds) {
			await docker.getContainer(id).restart(deadline(graceSeconds));
		},
		async stop(id, graceSeconds) {
			await unlessAlready(docker.getContainer(id).stop(deadline(graceSeconds)));
		},
		async start(id) {
			await unlessAlready(docker.getContainer(id).start(deadline()));
		},
		async unpause(id) {
			try {
				await docker.getContainer(id).unpause(deadline());
			} catch (error) {
				// 409 (500 from Podman): it is not paused.
				if (statusCode(error) !== 409 && statusCode(error) !== 500) {
					throw error;
				}
			}
		},
	};
}

/** 304 "already in that state" rejects in dockerode, and is what was wanted. */
async function unlessAlready(call: Promise<unknown>): Promise<void> {
	try {
		await call;
	} catch (error) {
		if (statusCode(error) !== 304) {
			throw error;
		}
	}
}
