import {lstatSync, readdirSync, renameSync, rmdirSync, rmSync, symlinkSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {parseJournal} from './journal.ts';
import {readOwn} from './own-file.ts';
import {type Place, placeAt, trustFolder} from './place.ts';

/**
Gives an engine's place what was recorded of it elsewhere: the folder of before 0.2, which bore the deployment's name, and
that of a time when the engine had not answered yet.

A folder moves by one rename: whatever ends the process, it is at the old place or at the new one, and of two consoles one
moves it. Never throws; what can't be moved stays where it is.

@param unidentified - The folder of the engine's address.
*/
export function takeOver(place: Place, unidentified: string): void {
	const old = join(dirname(place.root), place.of.deployment);
	attempt(() => {
		if (isFolder(old) && dirname(old) === dirname(place.root) && !isThere(place.root) && isOf(old, place)) {
			trustFolder(old);
			renameSync(old, place.root);
			// The journals name backups by their whole path.
			attempt(() => symlinkSync(basename(place.root), old));
		}
	});
	attempt(() => {
		if (isFolder(unidentified)) {
			trustFolder(unidentified);
			moveUnidentified(unidentified, place);
		}
	});
}

/**
Whether each journal that says where its run acted names this engine and this project, and one does. An address alone is no
identity, but journals of before 0.2 have nothing else.
*/
function isOf(folder: string, {of}: Place): boolean {
	const old = placeAt(folder);
	const places = readdirSync(old.runs)
		.filter((name) => name.endsWith('.jsonl'))
		.flatMap((name) => {
			const first = parseJournal(readOwn(join(old.runs, name), firstLineBytes)).at(0);
			return first?.event === 'started' && first.where !== undefined ? [first.where] : [];
		});
	return (
		places.length > 0 &&
		places.every(
			({engine, engineId, project}) =>
				project === of.project && (engineId === undefined ? engine === of.endpoint : engineId === of.engine),
		)
	);
}

// A plan of many steps and consumers is some ten kilobytes.
const firstLineBytes = 1 << 20;

/** What an incident without an engine left goes on with the engine; what was seen meanwhile may be another deployment's. */
function moveUnidentified(from: string, place: Place): void {
	if (!isThere(place.root)) {
		renameSync(from, place.root);
		return;
	}
	const left = placeAt(from);
	for (const name of ['incident', 'escalation', 'findings', 'transfers'] as const) {
		attempt(() => moveIfMissing(left[name], place[name]));
	}
	for (const folder of ['runs', 'backups'] as const) {
		attempt(() => {
			for (const name of readdirSync(left[folder])) {
				moveIfMissing(join(left[folder], name), join(place[folder], name));
			}
		});
	}
	for (const path of [left.configs, left.memory, left.identity, join(from, 'escalation.log')]) {
		attempt(() => rmSync(path, {force: true}));
	}
	// What could not be moved keeps its folder.
	for (const folder of [left.runs, left.backups, from]) {
		attempt(() => rmdirSync(folder));
	}
}

function moveIfMissing(from: string, to: string): void {
	if (!isThere(to)) {
		renameSync(from, to);
	}
}

function isThere(path: string): boolean {
	return lstatSync(path, {throwIfNoEntry: false}) !== undefined;
}

function isFolder(path: string): boolean {
	// Not a link: that is what a folder which has moved leaves.
	return lstatSync(path, {throwIfNoEntry: false})?.isDirectory() === true;
}

function attempt(work: () => void): void {
	try {
		work();
	} catch {
		// See above.
	}
}
