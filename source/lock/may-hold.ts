import {statSync} from 'node:fs';
import type {DockerEndpoint} from '../clients/docker/endpoint.ts';
import {usersOf} from '../config/users.ts';
import type {Holder} from './holder.ts';
import {isCommandOf} from './run-process.ts';
import type {SocketOwner} from './socket-owner.ts';

/** Whether a user, besides root and this one, may hold a lock. */
export type Others = (uid: number) => boolean;

/** Nobody else: for what is a user's own. */
export const nobodyElse: Others = () => false;

const groupWrites = 0o020;
const othersWrite = 0o002;

/** Those who may use the engine, and so may run a runbook: by the group of its socket. Over a network nobody knows. */
export function engineUsers(endpoint: DockerEndpoint): Others {
	if (endpoint.kind !== 'socket') {
		return nobodyElse;
	}
	const {path} = endpoint;
	return (uid) => {
		try {
			const found = statSync(path);
			return (
				uid === found.uid ||
				(found.mode & othersWrite) !== 0 ||
				((found.mode & groupWrites) !== 0 && usersOf(found.gid).includes(uid))
			);
		} catch {
			return false;
		}
	};
}

/**
Whether the holder of a lock may hold it: a process of root or of this user, as the kernel says; of another user, or of whom
the kernel does not say it here, only one who may use the engine, with the very command that it claims.
*/
export function mayHold(
	owner: SocketOwner | undefined,
	claim: Pick<Holder, 'run' | 'runbook'>,
	others: Others,
	launcher: string = process.argv[1] ?? '',
): boolean {
	if (owner === undefined) {
		return false;
	}
	const isNear = owner.uid === 0 || owner.uid === process.geteuid?.();
	return (
		(owner.isProven && isNear) || ((isNear || others(owner.uid)) && isCommandOf(owner.argv, claim, launcher))
	);
}
