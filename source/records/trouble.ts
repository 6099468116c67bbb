import {randomBytes} from 'node:crypto';
import {accessSync, closeSync, constants, fsyncSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {sanitize} from '../text/sanitize.ts';
import {fileTrouble} from './file-trouble.ts';
import {heldIncident} from './incident.ts';
import {createOwn} from './own-file.ts';
import {makePlace, nearest, type Place, trustFolder} from './place.ts';

/** Why nothing can be kept in the folder of the records, as a sentence's end; undefined where it can be. Never throws. */
export function recordsTrouble(place: Place): string | undefined {
	try {
		makePlace(place);
		accessSync(place.root, constants.R_OK | constants.W_OK | constants.X_OK);
	} catch (error) {
		return fileTrouble(place.root, error);
	}
	// A disk that is full is seen only when something is written.
	return heldIncident(place) === undefined
		? undefined
		: `${sanitize(place.root, 200)} cannot be written: is its disk full?`;
}

/** A run writes some hundred lines; what a full disk has left over for one line is no room for a journal. */
const probeBytes = 64 << 10;

/**
Why a run could not keep its journal, as a sentence without its full stop; undefined where it could: it writes as much as a
run does, and removes it. A disk that is full is seen only so. Never throws.
*/
export function writeTrouble(place: Place): string | undefined {
	// A plan alone makes no folder: then the nearest one that is there tells.
	const folder = nearest(place.runs);
	const path = join(folder, `.jetmedic-probe.${process.pid}.${randomBytes(4).toString('hex')}.tmp`);
	try {
		trustFolder(folder);
		const file = createOwn(path);
		try {
			// No zeros: some file systems keep none of them.
			writeFileSync(file, randomBytes(probeBytes));
			fsyncSync(file);
		} finally {
			closeSync(file);
			rmSync(path, {force: true});
		}
		return undefined;
	} catch (error) {
		return fileTrouble(folder, error);
	}
}
