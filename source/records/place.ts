import {existsSync, lstatSync, mkdirSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {inContainer} from '../config/in-container.ts';
import {whyUntrusted} from '../config/trust-way.ts';
import {UntrustedFolderError} from './file-trouble.ts';
import {writeIdentity} from './identity-file.ts';

/** Whose records are in a place. */
export type PlaceOf = {
	/** The Compose project. */
	project: string;
	/** What the configuration calls it. */
	deployment: string;
	/** The engine's address: `unix:///var/run/docker.sock`. */
	endpoint: string;
	/** The engine's ID; undefined while it is not known. */
	engine: string | undefined;
	/** Whether the engine itself said its ID to this process; else it is the one that this address had before. */
	isConfirmed: boolean;
};

/** The folders of a deployment's records. It is one object for a whole process: `settlePlace` moves it. */
export type Place = {
	of: PlaceOf;
	root: string;
	/** One journal a run: `<run>.jsonl`. */
	runs: string;
	backups: string;
	/** The last seen configuration of every stream and consumer. */
	configs: string;
	/** How the streams and consumers were when they were last seen. */
	memory: string;
	/** When the incident began. */
	incident: string;
	/** The findings that came and went: one JSON object a line. */
	findings: string;
	/** The backups and restores that no run did: one JSON object a line. */
	transfers: string;
	/** How far the incident's escalation is. */
	escalation: string;
	/** Whose records these are. */
	identity: string;
};

/** The place whose folder is `root`. */
export const placeAt = (root: string, of: Partial<PlaceOf> = {}): Place => ({
	of: {
		project: 'titan',
		deployment: 'titan',
		endpoint: 'unix:///var/run/docker.sock',
		engine: undefined,
		isConfirmed: false,
		...of,
	},
	root,
	runs: join(root, 'runs'),
	backups: join(root, 'backups'),
	configs: join(root, 'configs.json'),
	memory: join(root, 'memory.json'),
	incident: join(root, 'incident.json'),
	findings: join(root, 'findings.jsonl'),
	transfers: join(root, 'transfers.jsonl'),
	escalation: join(root, 'escalation.json'),
	identity: join(root, 'identity.json'),
});

/**
Makes the folders, readable by their owner alone: a backup holds the messages.

@throws when they can't be made; UntrustedFolderError where another user could have made, or can change, one of them or a
folder on the way: what is written there could be sent through a link to any file.
*/
export function makePlace({of, root, runs, backups, identity}: Place): void {
	trustFolder(nearest(root));
	for (const folder of [root, runs, backups]) {
		makeFolder(folder);
		trustFolder(folder);
	}
	if (of.engine !== undefined && of.isConfirmed && !existsSync(identity)) {
		writeIdentity(identity, {...of, engine: of.engine}, Date.now());
	}
}

/** One by one: on a read-only file system `recursive` says ENOENT instead of EROFS. (Node 24, mkdir) */
function makeFolder(folder: string): void {
	if (existsSync(folder)) {
		return;
	}
	makeFolder(dirname(folder));
	try {
		mkdirSync(folder, {mode: 0o700});
	} catch (error) {
		// Another console was quicker; what is not a folder is told of when it is used.
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
			throw error;
		}
	}
}

/** @throws UntrustedFolderError where somebody else could have put something there. */
export function trustFolder(folder: string): void {
	// What cannot be looked at fails with its own reason.
	lstatSync(folder);
	const why = whyUntrusted(folder, 'folder');
	if (why !== undefined) {
		throw new UntrustedFolderError(
			`The folder of the records is not used. ${why} Or use another folder: set XDG_STATE_HOME${process.geteuid?.() === 0 && !inContainer() ? ', or start jetmedic with `sudo -H`' : ''}.`,
		);
	}
}

/** The folder itself, or the nearest above it that is there. */
export function nearest(folder: string): string {
	let found = folder;
	while (!existsSync(found) && dirname(found) !== found) {
		found = dirname(found);
	}
	return found;
}
