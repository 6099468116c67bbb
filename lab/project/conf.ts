import {copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {Place} from '../place.ts';

const ORIGINAL = fileURLToPath(new URL('../nats/', import.meta.url));
/** The file that faults change; the cluster's includes it. */
const COMMON = 'nats.conf';

/** This lab's copy of the servers' configuration, which their containers have as /etc/nats. */
export const confFolder = (place: Place): string => join(place.base, `${place.name}.nats`);

/**
 * Writes the copy where it is missing or not the original any more.
 * @returns true when a server that runs has an old one
 */
export function writeConf(place: Place): boolean {
	const folder = confFolder(place);
	mkdirSync(folder, {recursive: true});
	const changed = readdirSync(ORIGINAL).filter(
		(name) => read(join(folder, name)) !== read(join(ORIGINAL, name)),
	);
	for (const name of changed) copyFileSync(join(ORIGINAL, name), join(folder, name));
	return changed.length > 0;
}

/** Adds lines to the copy; a setting that is there twice counts as the last one says. */
export function addToConf(place: Place, lines: string): void {
	writeConfIfMissing(place);
	const file = join(confFolder(place), COMMON);
	writeFileSync(file, `${read(file)}${lines}\n`);
}

/** Whether the copy has a word. */
export const confSays = (place: Place, word: string): boolean =>
	read(join(confFolder(place), COMMON))?.includes(word) ?? false;

/** Removes the copy. */
export function removeConf(place: Place): void {
	rmSync(confFolder(place), {recursive: true, force: true});
}

function writeConfIfMissing(place: Place): void {
	if (read(join(confFolder(place), COMMON)) === undefined) writeConf(place);
}

function read(file: string): string | undefined {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return undefined;
	}
}
