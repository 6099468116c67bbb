import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

const DEBIAN = /^https?:\/\/\S+\/debian\/?$/;

/**
 * Finds the Debian mirror in the text of one apt sources file, one-line style or deb822.
 * Comments are ignored: images of frozen snapshots carry the snapshot's address in one, which is not the mirror.
 * @returns the address without a slash at its end, or undefined when the file names no Debian archive
 */
export function mirrorIn(text: string): string | undefined {
	for (const raw of text.split('\n')) {
		const line = raw.replace(/#.*$/, '').trim();
		const words = /^uris:/i.test(line)
			? line.split(/\s+/).slice(1)
			: /^deb\s/.test(line)
				? line.split(/\s+/)
				: [];
		const found = words.find((word) => DEBIAN.test(word));
		if (found) return found.replace(/\/$/, '');
	}
	return undefined;
}

/** The first Debian mirror in the apt sources below `folder` (default /etc/apt), or undefined. */
export function findMirror(folder = '/etc/apt'): string | undefined {
	for (const file of sourceFiles(folder)) {
		const mirror = mirrorIn(readText(file));
		if (mirror) return mirror;
	}
	return undefined;
}

function sourceFiles(folder: string): string[] {
	const parts = join(folder, 'sources.list.d');
	let names: string[] = [];
	try {
		names = readdirSync(parts).filter((name) => /\.(list|sources)$/.test(name));
	} catch {
		// a machine without this folder has its sources in sources.list alone
	}
	return [join(folder, 'sources.list'), ...names.sort().map((name) => join(parts, name))];
}

function readText(file: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return '';
	}
}
