import {describeFileFault} from '../config/fault.ts';
import {redact} from '../text/redact.ts';
import {sanitize} from '../text/sanitize.ts';
import {NotOwnError} from './own-file.ts';

/** A folder of the records is not to be trusted; the message says why and what to do. */
export class UntrustedFolderError extends Error {
	override name = 'UntrustedFolderError';
}

/** Why something could not be written or read in the folder of the records, as a sentence without its full stop. */
export function fileTrouble(path: string, error: unknown): string {
	if (error instanceof UntrustedFolderError || error instanceof NotOwnError) {
		return sanitize(redact(error.message), 600).replace(/\.$/, '');
	}
	const {code = ''} = error as NodeJS.ErrnoException;
	return `${sanitize(path, 200)} cannot be written: ${words[code] ?? describeFileFault(error)}`;
}

const words: Record<string, string> = {
	EROFS: 'its file system is read-only',
	ENOSPC: 'its disk is full',
	EDQUOT: "this user's share of its disk is full",
	ENOENT: 'there is no such folder',
	ENOTDIR: 'a file is where a folder should be',
	EISDIR: 'a folder is where a file should be',
	EEXIST: 'something with that name already exists',
	EFBIG: 'the file would be too large',
};
