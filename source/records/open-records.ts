import {join} from 'node:path';
import {freeBytes, reserveBytes} from '../clients/disk.ts';
import {removeLeft} from '../clients/nats/backup-left.ts';
import type {Config} from '../config/schema.ts';
import {version} from '../text/version.ts';
import {configKeeper} from './config-keeper.ts';
import {endIncident, startIncident} from './incident.ts';
import {createJournal} from './journal.ts';
import {lastSeen} from './last-seen.ts';
import {machineId} from './machine.ts';
import {makePlace, type Place} from './place.ts';
import {processStart} from './process.ts';
import type {Records} from './records.ts';
import {readConfigs} from './saved-configs.ts';
import {exactSecrets} from './secrets.ts';
import {whoAmI} from './who.ts';

/** The records of a deployment on this machine's disk. Nothing is written before the first call that says so. */
export const openRecords = (place: Place, config: Config, env: NodeJS.ProcessEnv): Records => ({
	backups: {
		folder: place.backups,
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
	async createJournal(run) {
		makePlace(place);
		return createJournal(place, run, await exactSecrets(config, env));
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
