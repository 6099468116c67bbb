import {randomBytes} from 'node:crypto';
import {
	closeSync,
	constants,
	fchmodSync,
	fstatSync,
	fsyncSync,
	ftruncateSync,
	futimesSync,
	linkSync,
	openSync,
	readSync,
	renameSync,
	rmSync,
	type Stats,
	writeFileSync,
} from 'node:fs';

/*
The files of the records, as everything here opens them. No link is followed, nothing waits for a pipe, and what belongs to
somebody else is neither believed nor changed: a folder that another user once could write may hold a link to any file of
root's. (open(2), O_NOFOLLOW, O_EXCL)
*/

const {O_RDONLY, O_WRONLY, O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW = 0, O_NONBLOCK = 0} = constants;

/** Only its owner reads it: it may hold messages, and what an operator typed. */
const ownMode = 0o600;

/** A file is not what it should be: a link, a pipe, or another user's. */
export class NotOwnError extends Error {
	override name = 'NotOwnError';
}

/**
Opens a file to read it.

@throws NotOwnError where it is a link, no file, or belongs to somebody who is neither root nor this user; as open(2) does.
*/
export const openToRead = (path: string): number =>
	open(path, O_RDONLY | O_NONBLOCK, ownMode, ({uid}) => uid === 0 || isThisUser(uid));

/** Opens a new file. @throws where there is anything of that name, also a link that leads nowhere. */
export const createOwn = (path: string, mode = ownMode): number =>
	open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND, mode, () => true);

/** Opens a file, made where it is not there, to add to it. @throws NotOwnError where it is not this user's own file. */
export function openToAppend(path: string): number {
	const file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, ownMode, ({uid}) => isThisUser(uid));
	try {
		// By the descriptor: the name may lead to another file by now.
		if ((fstatSync(file).mode & 0o077) !== 0) {
			fchmodSync(file, ownMode);
		}
		return file;
	} catch (error) {
		closeSync(file);
		throw error;
	}
}

/** Opens a file to write it from its beginning, made where it is not there. @throws as `openToAppend` does. */
export function openEmpty(path: string): number {
	const file = openToAppend(path);
	try {
		ftruncateSync(file, 0);
		return file;
	} catch (error) {
		closeSync(file);
		throw error;
	}
}

/** The text of a file, of at most so many bytes. @throws as `openToRead` does. */
export function readOwn(path: string, maxBytes: number, from: 'start' | 'end' = 'start'): string {
	return withFile(openToRead(path), (file) => {
		const {size} = fstatSync(file);
		const buffer = Buffer.alloc(Math.min(size, maxBytes));
		const position = from === 'end' ? Math.max(0, size - maxBytes) : 0;
		let length = 0;
		while (length < buffer.length) {
			const read = readSync(file, buffer, length, buffer.length - length, position + length);
			if (read === 0) {
				break;
			}
			length += read;
		}
		return buffer.toString('utf8', 0, length);
	});
}

/** What the file system says of a file. @throws as `openToRead` does. */
export const statOwn = (path: string): Stats => withFile(openToRead(path), (file) => fstatSync(file));

/** Says that a file was just looked after. @throws as `openToRead` does, or where the times can't be set. */
export const touchOwn = (path: string): void =>
	withFile(openToRead(path), (file) => futimesSync(file, new Date(), new Date()));

/**
Writes a file whole or not at all, on disk when it returns.

@throws when it can't be written; what was there before is then still there.
*/
export const writeWhole = (path: string, text: string, mode = ownMode): void =>
	publish(path, text, mode, renameSync);

/**
Writes a file whole, where there is none of that name: of several that do so at once, one succeeds.

@returns Whether there was none. @throws when it can't be written.
*/
export function writeNew(path: string, text: string): boolean {
	let isNew = true;
	publish(path, text, ownMode, (from, to) => {
		try {
			linkSync(from, to);
			rmSync(from, {force: true});
		} catch (error) {
			const {code} = error as NodeJS.ErrnoException;
			if (code === 'EEXIST') {
				isNew = false;
				rmSync(from, {force: true});
			} else {
				// A file system without links.
				renameSync(from, to);
			}
		}
	});
	return isNew;
}

/** Makes the names of a folder's files safe on disk. (fsync(2), "NOTES") */
export const syncFolder = (path: string): void =>
	withFile(openSync(path, O_RDONLY | O_NOFOLLOW), (folder) => fsyncSync(folder));

function publish(path: string, text: string, mode: number, put: (from: string, to: string) => void): void {
	// A name that nobody can have taken before: two containers may both be process 1.
	const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
	try {
		withFile(createOwn(temporary, mode), (file) => {
			// Not writeSync: on a full disk that writes a part, without an error.
			writeFileSync(file, text);
			fsyncSync(file);
		});
		put(temporary, path);
	} catch (error) {
		rmSync(temporary, {force: true});
		throw error;
	}
}

function open(path: string, flags: number, mode: number, isAllowed: (found: Stats) => boolean): number {
	let file: number;
	try {
		file = openSync(path, flags | O_NOFOLLOW, mode);
	} catch (error) {
		// FreeBSD says EMLINK.
		if (['ELOOP', 'EMLINK'].includes((error as NodeJS.ErrnoException).code ?? '')) {
			throw new NotOwnError(`${path} is a link, and jetmedic follows no link there: remove it`);
		}
		throw error;
	}
	const found = fstatSync(file);
	if (!found.isFile()) {
		closeSync(file);
		throw new NotOwnError(`${path} is not a file: remove it`);
	}
	if (!isAllowed(found)) {
		closeSync(file);
		throw new NotOwnError(`${path} belongs to another user (uid ${found.uid})`);
	}
	return file;
}

function isThisUser(uid: number): boolean {
	const own = process.geteuid?.();
	return own === undefined || own === uid;
}

function withFile<T>(file: number, work: (file: number) => T): T {
	try {
		return work(file);
	} finally {
		closeSync(file);
	}
}
