import {redact} from '../text/redact.ts';
import {sanitize} from '../text/sanitize.ts';

const faults: Record<string, string> = {
	ENOENT: 'there is no such file',
	ENOTDIR: 'there is no such file',
	EACCES: 'permission denied',
	EPERM: 'permission denied',
	EISDIR: 'it is a directory',
	ELOOP: 'its symbolic links lead in a circle',
	EMFILE: 'too many files are open',
	ENFILE: 'too many files are open',
	EIO: 'the disk has an error',
};

/** Why a file could not be read, in words that follow a colon: `there is no such file`, `permission denied`. */
export function describeFileFault(error: unknown): string {
	const {code, message} = error as NodeJS.ErrnoException;
	return (code && faults[code]) || sanitize(redact(sanitize(String(message ?? error))), 200);
}
