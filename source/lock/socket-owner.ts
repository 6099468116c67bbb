import {lstatSync, readdirSync, readFileSync, readlinkSync, statSync} from 'node:fs';
import {machineId} from '../records/machine.ts';
import {processStart} from '../records/process.ts';
import type {Holder} from './holder.ts';
import {argvOf} from './run-process.ts';

/** The process that holds a socket's name. */
export type SocketOwner = {
	uid: number;
	/** 0 if only the user is known. */
	pid: number;
	argv: readonly string[];
	/** Whether the kernel says so; else the process is there, as the holder claims, and its files cannot be read. */
	isProven: boolean;
};

/**
Who holds the name of a lock. Any user may bind a name of the abstract namespace, and say anything there: only the kernel's
list of sockets, and the open files of a process, tell whose it is. Node cannot ask for SO_PEERCRED (unix(7)). Root sees the
files of every process, a user of its own ones.

@param claim - What the holder says of itself.
@returns Undefined if it cannot be known, or nobody holds the name.
*/
export function socketOwner(
	address: string,
	claim: Pick<Holder, 'pid' | 'pidStart' | 'machine'>,
): SocketOwner | undefined {
	if (!address.startsWith('\0')) {
		return fileOwner(address);
	}
	const inode = boundInode(address);
	if (inode === undefined) {
		return undefined;
	}
	const isClaimed =
		claim.machine !== '' &&
		claim.machine === machineId() &&
		claim.pidStart !== '' &&
		processStart(claim.pid) === claim.pidStart;
	const has = isClaimed ? hasOpen(claim.pid, inode) : false;
	if (has !== false) {
		return processOwner(claim.pid, has === true);
	}
	const pid = pids().find((one) => hasOpen(one, inode) === true);
	return pid === undefined ? undefined : processOwner(pid, true);
}

/** Whether a name of the abstract namespace is bound, also if nobody listens there. */
export const isBound = (address: string): boolean => boundInode(address) !== undefined;

/** The inode of the socket that is bound to a name. (proc_net(5): St 01 is unconnected, as one that listens is; an accepted one is 03) */
function boundInode(address: string): string | undefined {
	const shown = `@${address.slice(1)}`;
	for (const line of readText('/proc/net/unix').split('\n')) {
		const [, , , , , state, inode, path = ''] = line.trim().split(/\s+/);
		// Some versions of Node bind the whole of sun_path: the zeros behind the name are shown so, too.
		if (state === '01' && path.startsWith(shown) && /^@*$/.test(path.slice(shown.length))) {
			return inode;
		}
	}
	return undefined;
}

/** Whether a process has a socket open; undefined if its files cannot be read. */
function hasOpen(pid: number, inode: string): boolean | undefined {
	let files: string[];
	try {
		files = readdirSync(`/proc/${pid}/fd`);
	} catch {
		return undefined;
	}
	return files.some((file) => {
		try {
			return readlinkSync(`/proc/${pid}/fd/${file}`) === `socket:[${inode}]`;
		} catch {
			return false;
		}
	});
}

function processOwner(pid: number, isProven: boolean): SocketOwner | undefined {
	try {
		return {uid: statSync(`/proc/${pid}`).uid, pid, argv: argvOf(pid), isProven};
	} catch {
		return undefined;
	}
}

/** Where there is no abstract namespace: nobody but its owner can have made the file. */
function fileOwner(path: string): SocketOwner | undefined {
	try {
		return {uid: lstatSync(path).uid, pid: 0, argv: [], isProven: true};
	} catch {
		return undefined;
	}
}

function pids(): number[] {
	try {
		return readdirSync('/proc').map(Number).filter(Number.isInteger);
	} catch {
		return [];
	}
}

function readText(path: string): string {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return '';
	}
}
