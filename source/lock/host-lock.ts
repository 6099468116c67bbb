import {createHash} from 'node:crypto';
import {realpathSync, rmSync} from 'node:fs';
import net from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {DockerEndpoint} from '../clients/docker/endpoint.ts';
import {thisUser} from '../config/users.ts';
import {fromLabels, type Holder, holderText, toLabels} from './holder.ts';
import {mayHold, nobodyElse, type Others} from './may-hold.ts';
import {isBound, type SocketOwner, socketOwner} from './socket-owner.ts';

/** Another run holds the deployment. */
export class LockedError extends Error {
	override name = 'LockedError';
	/** The id of the run that holds it, where it says. */
	readonly run: string;

	/** @param advice - What to do besides watching it. */
	constructor(holder: Holder, advice = '') {
		super(lockedText(holder, advice));
		this.run = holder.run;
	}
}

/** That a deployment is held, and by whom, as a sentence for the operator. */
export function lockedText(holder: Holder, advice = ''): string {
	const whose = [holder.run, holderText(holder)].filter(Boolean).join(', ');
	return `Another run has this deployment${whose && `: ${whose}`}. One run at a time; watch that one with jetmedic.${advice && ` ${advice}`}`;
}

/** One name for one engine: /var/run/docker.sock and /run/docker.sock are the same socket. */
export function engineKey(endpoint: DockerEndpoint): string {
	if (endpoint.kind !== 'socket') {
		return endpoint.describe;
	}
	try {
		return `unix://${realpathSync(endpoint.path)}`;
	} catch {
		return endpoint.describe;
	}
}

/**
The address of a deployment's lock: a socket in Linux's abstract namespace, which the kernel frees the moment
its holder dies, however it dies, and which all users of a host share. (unix(7), "Abstract sockets")
*/
export function lockAddress(
	endpoint: string,
	project: string,
	platform: NodeJS.Platform = process.platform,
): string {
	const hash = createHash('sha256').update(`${endpoint}\n${project}`).digest('hex').slice(0, 24);
	return platform === 'linux' ? `\0jetmedic-run-${hash}` : join(tmpdir(), `jetmedic-run-${hash}.sock`);
}

/**
Takes the lock of a deployment for a run, until `release` or the end of the process. Whoever has its name and may not is
ignored: any user can bind it, and would else keep everybody from mending anything.

@param others - Who may have it besides root and this user.
@returns With `ignored`: who has the name, so that nobody is kept out here.
@throws LockedError when a run that lives has it.
*/
export async function takeLock(
	address: string,
	holder: Holder,
	others: Others = nobodyElse,
): Promise<HostLock> {
	for (let attempt = 0; ; attempt++) {
		const server = net.createServer((socket) => {
			socket.on('error', () => {});
			socket.end(JSON.stringify(toLabels(holder)));
		});
		try {
			await listen(server, address);
			server.unref();
			return {release: () => void server.close()};
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') {
				throw error;
			}
		}
		const other = await askHolder(address);
		if (other === undefined && attempt === 0) {
			removeSocket(address);
			continue;
		}
		const claim = other ?? fromLabels({});
		const owner = socketOwner(address, claim);
		if (mayHold(owner, claim, others)) {
			throw new LockedError(claim);
		}
		// Its holder may have ended in this moment.
		if (attempt < tries && owner === undefined && !isBound(address) && address.startsWith('\0')) {
			continue;
		}
		return {release() {}, ignored: whose(owner)};
	}
}

/** A lock that was taken. */
export type HostLock = {
	release(): void;
	/** Who has its name and may not, in words. */
	ignored?: string;
};

const tries = 3;

/** Where there is no abstract namespace the file of a dead holder stays behind. */
function removeSocket(address: string): void {
	if (!address.startsWith('\0')) {
		try {
			rmSync(address, {force: true});
		} catch {
			// Another user's, in a folder with the sticky bit.
		}
	}
}

function whose(owner: SocketOwner | undefined): string {
	if (owner === undefined) {
		return 'a process that cannot be identified';
	}
	const user = thisUser(owner.uid).userName(owner.uid);
	return owner.pid === 0 ? `a process of ${user}` : `process ${owner.pid} of ${user}`;
}

/** Who holds a lock now and may; undefined if nobody does. */
export async function lockHolder(address: string, others: Others = nobodyElse): Promise<Holder | undefined> {
	const claim = await askHolder(address);
	return claim !== undefined && mayHold(socketOwner(address, claim), claim, others) ? claim : undefined;
}

/** What the holder of a lock says of itself; undefined if nobody answers there. */
function askHolder(address: string): Promise<Holder | undefined> {
	return new Promise((resolve) => {
		let said = '';
		const socket = net.connect(address);
		const held = (): void => end(parseHolder(said));
		const timer = setTimeout(() => {
			socket.destroy();
			held();
		}, 500);
		const end = (holder: Holder | undefined): void => {
			clearTimeout(timer);
			resolve(holder);
		};
		socket.setEncoding('utf8');
		socket.on('data', (text: string) => {
			said = (said + text).slice(0, 4000);
		});
		socket.on('end', held);
		socket.on('error', () => end(undefined));
	});
}

/** Any user of the host may have made the socket: what it says is taken apart with care. */
function parseHolder(said: string): Holder {
	try {
		return fromLabels(JSON.parse(said) as Record<string, unknown>);
	} catch {
		return fromLabels({});
	}
}

function listen(server: net.Server, address: string): Promise<void> {
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(address, () => {
			server.off('error', reject);
			resolve();
		});
	});
}
