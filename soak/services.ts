import Dockerode from 'dockerode';

/** The lab's five. */
export const SERVICES = ['titan-nats', 'titan-brain', 'titan-execution', 'titan-scavenger', 'titan-sentinel'];

const docker = new Dockerode();

/** Those of them that run now. */
export async function running(): Promise<string[]> {
	const states = await Promise.all(
		SERVICES.map((name) =>
			docker
				.getContainer(name)
				.inspect()
				.catch(() => undefined),
		),
	);
	return SERVICES.filter((_, index) => states[index]?.State.Running && !states[index]?.State.Paused);
}
