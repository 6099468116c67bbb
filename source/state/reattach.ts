import {commandLine} from '../text/shell-quote.ts';
import type {ServiceState} from './service.ts';

type Container = Pick<
	ServiceState,
	'service' | 'composeService' | 'containerId' | 'containerName' | 'networks'
>;

/** A network that a container can be attached to: not the host's, not another container's. */
const isAttachable = (network: string): boolean => !/^(host|none|container:.*)$/.test(network);

/**
The command that attaches a container by hand to the network that it is cut off from, under the name that the others know it by.
The network is the one that the other containers are in; where they are in several, the operator must name it.
https://docs.docker.com/reference/cli/docker/network/connect/

@param others - The containers of the project.
*/
export function reattachCommand(
	container: Container,
	others: readonly Pick<Container, 'networks'>[],
): string {
	const {service, composeService = service, containerId, containerName} = container;
	const networks = new Set(others.flatMap((other) => other.networks).filter(isAttachable));
	const network = networks.size === 1 ? [...networks][0]! : 'NETWORK';
	return commandLine(
		['docker', 'network', 'connect', '--alias', composeService],
		[network, containerName || containerId.slice(0, 12)],
	);
}
