import {lstatSync, readlinkSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {redact} from '../text/redact.ts';
import {sanitize} from '../text/sanitize.ts';
import {describeFileFault} from './fault.ts';
import {judgeTrust, type Step} from './trust.ts';
import {thisUser} from './users.ts';

/** As many links as Linux follows (path_resolution(7)). */
const maxLinks = 40;

/**
Why a file is not to be believed: it, or a folder or a link on the way to it, belongs to somebody who is neither root nor
this user, or can be written by others. Undefined if it can be believed, if it is not there (whoever opens it says so), and
on systems without owners.

@param path - From the working folder, if it is relative.
@param kind - What it is itself: a folder may have the sticky bit.
@returns Sentences for the operator: what is wrong, and what to do.
*/
export function whyUntrusted(path: string, kind: 'file' | 'folder' = 'file'): string | undefined {
	const uid = process.geteuid?.();
	if (uid === undefined) {
		return undefined;
	}
	try {
		return clean(judgeTrust(wayTo(resolve(path), kind), thisUser(uid)));
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;
		return code === 'ENOENT' || code === 'ENOTDIR'
			? undefined
			: clean(`Could not check who can change ${path}: ${describeFileFault(error)}.`);
	}
}

/** Each folder and link that the kernel passes on the way to a file, and the file. @throws as lstat does. */
function wayTo(path: string, kind: 'file' | 'folder'): Step[] {
	const way: Step[] = [look('/', 'folder')];
	const left = path.split('/').filter(Boolean);
	let at = '/';
	let links = 0;
	while (left.length > 0) {
		const name = left.shift()!;
		if (name === '..') {
			at = dirname(at);
			continue;
		}
		if (name === '.') {
			continue;
		}
		const next = join(at, name);
		const step = look(next, left.length === 0 ? kind : 'folder');
		way.push(step);
		if (step.kind !== 'link') {
			at = next;
			continue;
		}
		if (++links > maxLinks) {
			throw Object.assign(new Error('its symbolic links lead in a circle'), {code: 'ELOOP'});
		}
		const target = readlinkSync(next);
		at = target.startsWith('/') ? '/' : at;
		left.unshift(...target.split('/').filter(Boolean));
	}
	return way;
}

function look(path: string, expected: 'file' | 'folder'): Step {
	const found = lstatSync(path);
	const kind = found.isSymbolicLink()
		? 'link'
		: found.isDirectory() && expected === 'folder'
			? 'folder'
			: 'file';
	return {path, kind, uid: found.uid, gid: found.gid, mode: found.mode & 0o7777};
}

const clean = (text: string | undefined): string | undefined =>
	text === undefined ? undefined : sanitize(redact(sanitize(text)), 600);
