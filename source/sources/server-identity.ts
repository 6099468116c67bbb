import type {EngineReader} from '../clients/contained-servers.ts';
import type {DockerClient} from '../clients/docker/client.ts';
import {readIdentity} from '../clients/identity.ts';
import {nodeServices} from '../config/nodes.ts';
import type {Config} from '../config/schema.ts';
import type {ContainerFacts, Emit, Observation, ObservationOf} from '../state/observation.ts';
import type {Answering} from '../state/server-answer.ts';
import {pause} from './loop.ts';

/** A container that ends and a connection that is lost are told one after the other. */
const secondLookMs = 400;

type Options = {
	config: Config;
	docker: EngineReader & Pick<DockerClient, 'list'>;
	/** Whether a service that has no container is known to have had one, or to be meant to. */
	wasHere?: (service: string) => boolean;
};

/**
Watches whether the server that answers is the one in the container: looks when the connection or a container of a server
becomes another one. It is handed what the other sources see. Never throws.
*/
export function watchServerIdentity(
	{config, docker, wasHere}: Options,
	emit: Emit,
	signal: AbortSignal,
): Emit {
	const services = nodeServices(config);
	let answering: Answering | undefined;
	let containers: Map<string, ContainerFacts> | undefined;
	let looked = '';
	let turn: Promise<void> = Promise.resolve();

	const key = (): string | undefined =>
		answering && containers
			? JSON.stringify([
					answering,
					services.map((service) => {
						const {containerId, startedAt, status, ports, addresses} = containers?.get(service) ?? {};
						return [containerId, startedAt, status, ports, addresses];
					}),
				])
			: undefined;

	const look = async (now: string): Promise<void> => {
		const read = () => {
			const known = [...(containers?.values() ?? [])];
			return answering ? readIdentity(docker, config, known, [answering], signal, wasHere) : undefined;
		};
		let answers = await read();
		if (answers?.some(({is}) => is === 'other')) {
			await pause(secondLookMs, signal);
			answers = key() === now ? await read() : undefined;
		}
		// What was read of others by now is looked at again, and told then.
		if (answers && key() === now && !signal.aborted) {
			emit({kind: 'identity', answers, at: Date.now()});
		}
	};

	return (observation) => {
		if (!take(observation)) {
			return;
		}
		const now = key();
		if (now === undefined || now === looked) {
			return;
		}
		looked = now;
		turn = turn.then(() => look(now)).catch(() => {});
	};

	/**
	All of them: those that depend on a server say that there is one. Undefined where a server's own could not be read and never
	was: it is there, and one that is missing would make whoever answers another server.
	*/
	function containersOf({
		containers: read,
		unread = [],
	}: ObservationOf<'containers'>): Map<string, ContainerFacts> | undefined {
		const found = new Map(read.map((one) => [one.service, one]));
		for (const {service} of unread) {
			const known = containers?.get(service);
			if (services.includes(service) && known === undefined) {
				return undefined;
			}
			if (known !== undefined) {
				found.set(service, known);
			}
		}
		return found;
	}

	/** Whether it tells of a server or of who answers. */
	function take(observation: Observation): boolean {
		switch (observation.kind) {
			case 'connection': {
				const {status, server, address, url} = observation;
				const addresses = url.split(',').length;
				answering =
					status === 'connected' && server?.id !== undefined && address !== undefined
						? {
								address,
								serverId: server.id,
								serverName: server.name,
								...(addresses > 1 && {ofAddresses: addresses}),
							}
						: undefined;
				if (answering === undefined) {
					looked = '';
				}
				return true;
			}
			case 'containers':
				containers = containersOf(observation);
				return true;
			case 'container':
				if (containers === undefined || !services.includes(observation.container.service)) {
					return false;
				}
				containers.set(observation.container.service, observation.container);
				return true;
			default:
				return false;
		}
	}
}
