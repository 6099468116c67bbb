import {createHash} from 'node:crypto';
import {open} from 'node:fs/promises';
import type {ArchiveContent} from './content.ts';
import {WholeArchive} from './whole.ts';

export type CheckedArchive = ArchiveContent & {
	/** Bytes of the file. */
	bytes: number;
	/** SHA-256 of the file, in hexadecimal. */
	sha256: string;
};

// Each of the server's blocks fits, so that few are put together from two reads.
const readBytes = 1 << 20;

/**
Reads a `stream.tar.s2` from the disk and proves that it is whole. Holds a few MiB, whatever its size.

@param onProgress - The fraction that was read.
@throws DamageError where it is cut or altered; an Error where it can't be read, or when aborted.
*/
export async function checkArchive(
	path: string,
	onProgress: (fraction: number) => void = () => {},
	signal?: AbortSignal,
): Promise<CheckedArchive> {
	const file = await open(path, 'r');
	try {
		const {size} = await file.stat();
		const hash = createHash('sha256');
		const archive = new WholeArchive();
		const buffer = Buffer.allocUnsafe(readBytes);
		let bytes = 0;
		for (;;) {
			signal?.throwIfAborted();
			const {bytesRead} = await file.read(buffer, 0, readBytes);
			if (bytesRead === 0) {
				break;
			}
			const read = buffer.subarray(0, bytesRead);
			hash.update(read);
			archive.push(read);
			bytes += bytesRead;
			onProgress(Math.min(1, bytes / size));
		}
		return {...archive.end(), bytes, sha256: hash.digest('hex')};
	} finally {
		await file.close();
	}
}
