import {plural} from '../text/count.ts';
import type {NatsState} from './nats.ts';
import type {Answering, ServerAnswer} from './server-answer.ts';
import type {ContainerStatus} from './service.ts';

/** What is known of the server in a container. */
export type ContainedServer = {
	/** The Compose service. */
	service: string;
	status: ContainerStatus;
	/** The id of the server that runs in it, by its greeting at the container's own address, or by its log. */
	serverId?: string;
	/** The ids of the servers that it has routes to. */
	routeIds?: string[];
	/** Whether it publishes the address that is asked for; undefined where that cannot be compared. */
	publishes?: boolean;
	/** Where it publishes the port that the address stands for: `127.0.0.1:14222`. */
	publishedAt?: string;
	/** Why its id is not known. */
	unread?: string;
	/** It has no container, and nothing says that the project ever had one: no Compose file, no dependent, no memory. */
	isForeign?: true;
};

/** Docker's words for a container whose process is there; only it can answer. */
const isThere = (status: ContainerStatus): boolean => status === 'running' || status === 'paused';

/** Ids have 56 characters, and the first ones tell them apart. */
const short = (id: string): string => (id.length > 12 ? `${id.slice(0, 12)}…` : id);

/**
Decides by evidence whether the server that answers at an address is the one in the container: by the id that the server
in the container has, else by the port that the container publishes. Pure.

@param servers - Those that may answer there: one, or all of a cluster.
*/
export function judgeAnswer(
	answering: Answering,
	servers: readonly ContainedServer[],
): Pick<ServerAnswer, 'is' | 'why' | 'advice'> {
	const {address, serverId, serverName, ofAddresses = 1} = answering;
	const who =
		serverName === '' || serverName === serverId ? short(serverId) : `${serverName} (${short(serverId)})`;
	const same = servers.find((server) => isThere(server.status) && server.serverId === serverId);
	if (same) {
		return {is: 'same', why: `${who} runs in the container of ${same.service}`};
	}
	const neighbour = servers.find(({routeIds}) => routeIds?.includes(serverId));
	if (neighbour) {
		return {is: 'same', why: `${who} is in the cluster of ${neighbour.service}`};
	}
	const publisher = servers.find(
		({status, serverId: id, publishes}) => isThere(status) && id === undefined && publishes === true,
	);
	if (publisher) {
		return {is: 'same', why: `${publisher.service} publishes ${address}`};
	}
	// A server of a cluster without a container here may run on another host.
	const elsewhere = servers.length > 1 ? servers.filter(({status}) => status === 'missing') : [];
	const unread = servers.filter(({status, serverId: id}) => isThere(status) && id === undefined);
	const [only] = servers;
	if (servers.length === 1 && only?.isForeign) {
		return {
			is: 'unknown',
			why: `${who} answers, and this project has no container and no service ${only.service}`,
			advice: adviceForForeign,
		};
	}
	// A healthy member of the cluster answers at another address, and nothing here has its id.
	if (ofAddresses > servers.length) {
		return {
			is: 'unknown',
			why: `${who} answers, and ${servers.map(stateOf).join(', ')}: the configuration has ${ofAddresses} addresses and names ${plural(servers.length, 'server')}`,
			advice: 'name the other servers in nats.peers',
		};
	}
	if (elsewhere.length > 0 || unread.length > 0) {
		const reasons = [
			...unread.map(stateOf),
			...elsewhere.map(({service}) => `${service} has no container here`),
		];
		return {is: 'unknown', why: `${who} answers, but ${reasons.join(', ')}`};
	}
	return {
		is: 'other',
		why: `${who} answers, ${servers.map(stateOf).join(', ')}`,
		...adviceFor(servers),
	};
}

/** What to do about a server without a container, which may run on its own, or for several projects. */
export const adviceForForeign =
	'correct nats.service or docker.project in the configuration, unless NATS runs outside this project';

function stateOf({service, status, serverId, publishedAt, unread}: ContainedServer): string {
	if (status === 'missing') {
		return `${service} has no container`;
	}
	if (isThere(status) && serverId === undefined) {
		return `the id of ${service} could not be read${unread ? `: ${unread}` : ''}`;
	}
	return isThere(status)
		? `${service} is ${short(serverId ?? '')}${publishedAt ? ` at ${publishedAt}` : ''}`
		: `${service} is ${status}`;
}

function adviceFor(servers: readonly ContainedServer[]): {advice: string} {
	const running = servers.find(({status}) => isThere(status));
	if (running?.publishedAt) {
		return {advice: `set the address to ${running.publishedAt}`};
	}
	return {
		advice: running
			? 'correct the address in the configuration, or NATS_URL'
			: `stop that server, then start ${servers[0]?.service ?? 'your own'}`,
	};
}

/** Whether what is read of NATS is of the deployment: `pending` until whoever answers was compared with the containers. */
export function isOwnServer({server, identity}: Pick<NatsState, 'server' | 'identity'>): boolean | 'pending' {
	if (server?.id === undefined) {
		return true;
	}
	const answer = identity?.answers.find(({port, serverId}) => port === 'url' && serverId === server.id);
	return answer === undefined ? 'pending' : answer.is !== 'other';
}

/**
Where figures were read: the cluster by its name, else the server by its id, which is another one after each start. Equal, it
is the same; different, it may still be the same server after a restart.
*/
export const sourceOfFigures = ({server}: Pick<NatsState, 'server'>): string | undefined =>
	server?.cluster === undefined ? server?.id : `cluster ${server.cluster}`;
