import {join} from 'node:path';
import {freeBytes, reserveBytes} from '../clients/disk.ts';
import {removeLeft} from '../clients/nats/backup-left.ts';
import type {Config} from '../config/schema.ts';
import {version} from '../text/version.ts';
import {configKeeper} from './config-keeper.ts';
import {fileTrouble} from './file-trouble.ts';
import {fleetingText, isFleeting} from './fleeting.ts';
import {endIncident, startIncident} from './incident.ts';
import {createJournal, type Journal, JournalError} from './journal.ts';
import {lastSeen} from './last-seen.ts';
import {machineId} from './machine.ts';
import {makePlace, type Place} from './place.ts';
import {processStart} from './process.ts';
import type {Records} from './records.ts';
import {readConfigs} from './saved-configs.ts';
import {exactSecrets} from './secrets.ts';
import {writeTrouble} from './trouble.ts';
import {whoAmI} from './who.ts';

/** The records of a deployment on this machine's disk. Nothing is written before the first call that says so. */
export const openRecords = (place: Place, config: Config, env: NodeJS.ProcessEnv): Records => ({
	backups: {
		// The place moves once it is known whose records these are.
		get folder() {
			return place.backups;
		},
		folderOf: (name) => join(place.backups, name),
		freeBytes: () => freeBytes(place.backups),
		reserveBytes,
		removeLeft: () => removeLeft(place.backups),
	},
	savedStream: (name) => readConfigs(place.configs).streams[name],
	remember(stream, consumers) {
		const keeper = configKeeper(place);
		keeper.remember(stream, consumers);
		keeper.save();
	},
	lastSeen: (...given) => lastSeen(place, ...given),
	trouble: () => writeTrouble(place),
	fleeting: () => (isFleeting(place.root) ? fleetingText(place.root) : undefined),
	async createJournal(run, engine) {
		if (!place.of.isConfirmed || place.of.engine !== engine) {
			throw new Error(
				`The engine at ${place.of.endpoint} has the ID ${engine}, but these records belong to ${place.of.engine === undefined ? 'no engine yet' : `the engine ${place.of.engine}`}. Start again.`,
			);
		}
		const secrets = await exactSecrets(config, env);
		try {
			makePlace(place);
			return withSentences(createJournal(place, run, secrets), place);
		} catch (error) {
			throw new Error(`${fileTrouble(place.runs, error)}.`);
		}
	},
	startIncident: (at) => startIncident(place, at),
	endIncident: () => endIncident(place),
	runner: () => ({
		...whoAmI(env),
		pid: process.pid,
		pidStart: processStart(process.pid),
		machine: machineId(),
		version,
	}),
});

/** The journal with errors that an operator can read. */
const withSentences = (journal: Journal, place: Place): Journal => ({
	...journal,
	write(event) {
		try {
			journal.write(event);
		} catch (error) {
			throw new JournalError(fileTrouble(place.runs, error));
		}
	},
});
