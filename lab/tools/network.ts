import {readFileSync} from 'node:fs';
import type {Scene} from '../faults/fault.ts';
import {type ContainerState, containerStates, docker, NETWORK} from '../project/docker.ts';
import {type Container, containersOf} from '../project/topology.ts';
import {must, run} from '../run.ts';
import {needLinux, needRunning} from './containers.ts';

/** Takes a container out of the project's network. */
export async function disconnect(scene: Scene, name: Container): Promise<void> {
	await needRunning(scene, name);
	await docker(scene.engine, `Disconnecting ${name}`, 'network', 'disconnect', NETWORK, name);
}

/** Puts every container back into the project's network. */
export async function reconnectAll({place, engine, progress}: Scene): Promise<void> {
	const states = await containerStates(engine, containersOf(place));
	// without any, the network is gone and Compose makes both
	if (!states.some(({networks}) => networks.length > 0)) return;
	for (const {name, status, networks} of states) {
		if (status === 'missing' || networks.includes(NETWORK)) continue;
		progress(`reconnecting ${name}`);
		// Compose's alias is the service's name; without it other containers would not find the service any more
		await docker(engine, `Reconnecting ${name}`, 'network', 'connect', '--alias', name, NETWORK, name);
	}
}

/**
 * Drops every packet that a container sends to these addresses, without a word to either side.
 * A route that leads nowhere, and no packet filter, which not every kernel has.
 * @param addresses as `ip route` takes them
 */
export async function dropPackets(
	scene: Scene,
	name: Container,
	addresses: readonly string[],
): Promise<void> {
	needLinux('Dropping packets');
	await needRunning(scene, name);
	const [state] = await containerStates(scene.engine, [name]);
	for (const address of addresses) {
		await must(`Cutting ${name} off from ${address}`, 'nsenter', [
			...inNetworkOf(state!),
			'ip',
			'route',
			'add',
			'blackhole',
			address,
		]);
	}
}

/** Takes back what `dropPackets` did. */
export async function dropNothing({place, engine}: Scene): Promise<void> {
	if (process.platform !== 'linux') return;
	for (const state of await containerStates(engine, containersOf(place))) {
		if (state.pid === 0 || !hasBlackhole(state)) continue;
		const routes = await run('nsenter', [...inNetworkOf(state), 'ip', 'route', 'show', 'type', 'blackhole']);
		for (const address of routes.stdout.matchAll(/^blackhole (\S+)/gm)) {
			await run('nsenter', [...inNetworkOf(state), 'ip', 'route', 'del', 'blackhole', address[1]!]);
		}
	}
}

/** Whether a network has a route that leads nowhere: one without an interface. */
function hasBlackhole({pid}: ContainerState): boolean {
	try {
		const routes = readFileSync(`/proc/${pid}/net/route`, 'utf8').split('\n').slice(1);
		return routes.some((route) => route.startsWith('*'));
	} catch {
		// it ended meanwhile, and its network with it
		return false;
	}
}

/** The two halves of the project's network: routes to them go before the network's own. */
export async function halvesOfNetwork({engine}: Scene): Promise<string[]> {
	const subnet = await docker(
		engine,
		'Reading the network',
		'network',
		'inspect',
		'-f',
		'{{(index .IPAM.Config 0).Subnet}}',
		NETWORK,
	);
	const [address = '', bits] = subnet.split('/');
	const length = Number(bits) + 1;
	const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
	return [number, number + 2 ** (32 - length)].map((half) => {
		const parts = [24, 16, 8, 0].map((shift) => Math.floor(half / 2 ** shift) % 256);
		return `${parts.join('.')}/${length}`;
	});
}

const inNetworkOf = ({pid}: ContainerState): string[] => ['-t', String(pid), '-n', '--'];
