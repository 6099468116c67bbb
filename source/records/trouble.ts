import {accessSync, constants} from 'node:fs';
import {sanitize} from '../text/sanitize.ts';
import {heldIncident} from './incident.ts';
import {makePlace, type Place} from './place.ts';

/** Why nothing can be kept in the folder of the records, as a sentence's end; undefined where it can be. Never throws. */
export function recordsTrouble(place: Place): string | undefined {
	try {
		makePlace(place);
		accessSync(place.root, constants.R_OK | constants.W_OK | constants.X_OK);
	} catch (error) {
		const {code, message} = error as NodeJS.ErrnoException;
		return `${sanitize(place.root, 200)} can't be written: ${words[code ?? ''] ?? sanitize(message, 120)}`;
	}
	// A disk that is full is seen only when something is written.
	return heldIncident(place) === undefined
		? undefined
		: `${sanitize(place.root, 200)} can't be written: is its disk full?`;
}

const words: Record<string, string> = {
	EACCES: 'permission denied',
	EPERM: 'permission denied',
	EROFS: 'its file system is read-only',
	ENOSPC: 'its disk is full',
};
