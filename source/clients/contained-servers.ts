import {hostname, networkInterfaces} from 'node:os';
import type {ContainerFacts} from '../state/observation.ts';
import type {ContainedServer} from '../state/server-identity.ts';
import {sanitize} from '../text/sanitize.ts';
import type {DockerClient} from './docker/client.ts';
import {httpReason} from './http.ts';
import {idInLog, readIntroduction} from './nats/introduction.ts';
import {readRoutes} from './nats/routes.ts';

/** What is read of a container to know the server in it. */
export type EngineReader = Pick<
	DockerClient,
	'endpoint' | 'hostName' | 'isRootless' | 'firstLines' | 'composeProject'
>;

/** A server that the configuration names. */
type Named = {service: string; monitor: string | undefined};

/** A container on this host answers at once, or a packet filter drops. */
const introductionMs = 800;

/**
Which server runs in a container, by its own word: its greeting at the container's own address, which only that container
has, else the first lines of its log. Never throws: what cannot be read says why.

@param addresses - `host:port` of those that are to be compared with the ports that the container publishes.
*/
export async function readContainedServer(
	docker: EngineReader,
	{service, monitor}: Named,
	container: ContainerFacts | undefined,
	addresses: readonly string[],
	signal?: AbortSignal,
): Promise<ContainedServer> {
	if (container === undefined) {
		return {service, status: 'missing'};
	}
	const isHere = await isOnThisHost(docker).catch(() => false);
	const ports = container.ports.flatMap((port) => parsePort(port) ?? []);
	const publishes = isHere ? publishesOneOf(ports, container.addresses, addresses) : undefined;
	const publishedAt = ports.find(({inside}) => inside === clientPort);
	const base: ContainedServer = {
		service,
		status: container.status,
		...(publishes !== undefined && {publishes}),
		...(publishedAt && {publishedAt: `${shownHost(publishedAt.host)}:${publishedAt.outside}`}),
	};
	if (container.status !== 'running') {
		return base;
	}
	const inside = new Set([
		...ports
			.filter(({outside}) => addresses.some((one) => portOf(one) === outside))
			.map((port) => port.inside),
		clientPort,
	]);
	const read = await readId(docker, container, isHere, [...inside], signal);
	if ('unread' in read) {
		return {...base, ...read};
	}
	const routes = monitor === undefined ? undefined : await readRoutes(monitor, signal).catch(() => undefined);
	// The monitoring port may be answered by another server, too.
	const isOwn = routes?.serverId === read.serverId;
	return {...base, ...read, ...(isOwn && routes.routeIds.length > 0 && {routeIds: routes.routeIds})};
}

/** The port of NATS servers that say nothing else. */
const clientPort = 4222;

async function readId(
	docker: EngineReader,
	{containerId, addresses, startedAt}: ContainerFacts,
	isHere: boolean,
	ports: readonly number[],
	signal: AbortSignal | undefined,
): Promise<{serverId: string} | {unread: string}> {
	// On another host the same address may be another container's.
	const asked = isHere
		? await askAll(addresses.slice(0, maxAddresses), ports.slice(0, maxPorts), signal)
		: {reasons: []};
	if ('serverId' in asked) {
		return asked;
	}
	const {reasons} = asked;
	try {
		const id = idInLog(await docker.firstLines(containerId, startedAt ?? 0));
		return id === undefined
			? {unread: [...reasons.slice(0, 1), 'its log does not show it'].join(', ')}
			: {serverId: id};
	} catch (error) {
		return {
			unread: [...reasons.slice(0, 1), `its log: ${sanitize((error as Error).message, 100)}`].join(', '),
		};
	}
}

const maxAddresses = 4;
const maxPorts = 3;

/** The first that answers says which server it is. All are asked at once: behind a packet filter each takes its whole time. */
async function askAll(
	addresses: readonly string[],
	ports: readonly number[],
	signal: AbortSignal | undefined,
): Promise<{serverId: string} | {reasons: string[]}> {
	const answered = new AbortController();
	const either = signal ? AbortSignal.any([signal, answered.signal]) : answered.signal;
	const ask = async (address: string, port: number): Promise<{serverId: string}> => {
		try {
			const {serverId} = await readIntroduction(address, port, introductionMs, either);
			return {serverId};
		} catch (error) {
			const {code} = error as NodeJS.ErrnoException;
			const reason =
				code === 'TIMEOUT' || code === 'NOT_NATS' ? (error as Error).message : httpReason(error as Error);
			throw new Error(`${address}:${port}: ${reason}`, {cause: error});
		}
	};
	try {
		return await Promise.any(addresses.flatMap((address) => ports.map((port) => ask(address, port))));
	} catch (error) {
		return {reasons: (error as AggregateError).errors.map(({message}: Error) => message)};
	} finally {
		answered.abort();
	}
}

/**
Whether the engine's containers have their addresses on this host: a socket may be forwarded from another one. A rootless
engine has its networks in a namespace of its own, and the same address here may be another engine's container.
https://docs.docker.com/engine/security/rootless/
*/
async function isOnThisHost(docker: EngineReader): Promise<boolean> {
	if (docker.endpoint.kind !== 'socket') {
		return false;
	}
	const [name, isRootless] = await Promise.all([docker.hostName(), docker.isRootless()]);
	return name === hostname() && !isRootless;
}

type Port = {host: string; outside: number; inside: number};

/** `127.0.0.1:14222->4222/tcp`, `:::4222->4222/tcp`. */
export function parsePort(text: string): Port | undefined {
	const {host, outside, inside} =
		/^(?<host>.*):(?<outside>\d+)->(?<inside>\d+)\/tcp$/.exec(text)?.groups ?? {};
	return outside === undefined
		? undefined
		: {host: host ?? '', outside: Number(outside), inside: Number(inside)};
}

const isEvery = (host: string): boolean => ['', '0.0.0.0', '::', '[::]'].includes(host);

const shownHost = (host: string): string => (isEvery(host) ? '127.0.0.1' : host);

const hostOf = (address: string): string =>
	address.slice(0, address.lastIndexOf(':')).replace(/^\[|\]$/g, '');

const portOf = (address: string): number => Number(address.slice(address.lastIndexOf(':') + 1));

/** Whether one of the addresses is a port that the container publishes, or its own; undefined where they are not this host's. */
function publishesOneOf(
	ports: readonly Port[],
	own: readonly string[],
	addresses: readonly string[],
): boolean | undefined {
	const answers = addresses.map((address) => {
		const host = hostOf(address);
		if (own.includes(host)) {
			return true;
		}
		return isThisHost(host)
			? ports.some((port) => port.outside === portOf(address) && isReachedAt(port.host, host))
			: undefined;
	});
	return answers.includes(true) ? true : answers.find((answer) => answer !== undefined);
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\./.test(host);

const isThisHost = (host: string): boolean =>
	isLoopback(host) ||
	Object.values(networkInterfaces()).some((list) => list?.some(({address}) => address === host));

const isReachedAt = (published: string, host: string): boolean =>
	isEvery(published) || published === host || (isLoopback(published) && host === 'localhost');
