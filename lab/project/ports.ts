import {createServer} from 'node:net';
import type {Place} from '../place.ts';
import {LabError} from '../run.ts';
import type {ContainerState} from './docker.ts';
import {type Container, serversOf} from './topology.ts';

/** The fixed ports of the services on 127.0.0.1 and the container that publishes each. */
const SERVICE_PORTS: ReadonlyArray<readonly [port: number, container: Container]> = [
	[3100, 'titan-brain'],
	[8081, 'titan-execution'],
	[3002, 'titan-sentinel'],
];

/**
 * Checks that the ports of all containers that do not run yet are free.
 * @throws LabError naming the ports that something else holds
 */
export async function refuseTakenPorts(place: Place, states: readonly ContainerState[]): Promise<void> {
	const ports = [
		...serversOf(place).flatMap(({name, port, monitor}) => [[port, name] as const, [monitor, name] as const]),
		...SERVICE_PORTS,
	];
	const running = new Set<Container>(
		states
			.filter((state) => !['missing', 'exited', 'created', 'dead'].includes(state.status))
			.map((state) => state.name),
	);
	const taken: number[] = [];
	for (const [port, container] of ports) {
		if (!running.has(container) && !(await isFree(port))) taken.push(port);
	}
	if (taken.length === 0) return;
	const which =
		taken.length === 1 ? `Port ${taken[0]} on 127.0.0.1 is` : `Ports ${taken.join(', ')} on 127.0.0.1 are`;
	throw new LabError(
		`${which} held by another program: stop it ("ss -ltnp" names it), or run the lab with --isolated.`,
	);
}

function isFree(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const server = createServer();
		server.once('error', () => resolve(false));
		server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
	});
}
