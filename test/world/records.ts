import type {JournalEvent} from '../../source/records/event.ts';
import type {Journal} from '../../source/records/journal.ts';
import {parseLine} from '../../source/records/journal-schema.ts';
import type {Records} from '../../source/records/records.ts';
import {rememberStream} from '../../source/records/saved-configs.ts';
import type {Port} from './port.ts';
import type {Folder} from './world.ts';

const reserveBytes = 64 << 20;

/** What a process keeps in its state folder, in memory. */
export const openWorldRecords = (port: Port, folder: Folder): Records => ({
	backups: {
		folder: `/${folder.name}/backups`,
		folderOf: (name) => `/${folder.name}/backups/${name}`,
		freeBytes: () =>
			port.ask({
				to: 'disk',
				what: 'free space',
				changes: false,
				act: (reply) => reply.ok(folder.isFull ? 0 : 100 * reserveBytes),
			}),
		reserveBytes,
		removeLeft: () =>
			port.ask({
				to: 'disk',
				what: 'remove left backups',
				changes: false,
				act: (reply) => reply.ok([]),
				otherwise: () => [],
			}),
	},
	savedStream(name) {
		port.check();
		return folder.saved.streams[name];
	},
	remember(stream, consumers) {
		port.check();
		if (!folder.isFull) {
			folder.saved = rememberStream(folder.saved, stream, consumers, port.world.wall());
		}
	},
	lastSeen(stream, consumer, createdAt, now) {
		port.check();
		const seen = folder.seen.get(`${stream} ${consumer}`);
		return seen === undefined || createdAt > seen.at
			? undefined
			: {floor: seen.floor, processed: seen.processed, unseenMs: now - seen.at};
	},
	createJournal: (run) =>
		port.ask<Journal>({
			to: 'disk',
			what: `create the journal ${run}`,
			changes: true,
			act(reply) {
				if (folder.isFull) {
					reply.fail(new Error('ENOSPC: no space left on device, open'));
					return;
				}
				const events: JournalEvent[] = [];
				folder.journals.set(run, {events, isKept: false});
				port.run = run;
				port.lines = events;
				port.world.runs.set(run, port);
				reply.ok(journalOf(port, folder, run, events));
			},
		}),
	startIncident(at) {
		port.check();
		folder.incidentSince ??= at;
		return folder.incidentSince;
	},
	endIncident() {
		port.check();
		delete folder.incidentSince;
	},
	trouble: () => (folder.isFull ? 'no space left on device' : undefined),
	fleeting: () => undefined,
	runner: () => ({
		user: port.name,
		origin: 'local',
		host: port.host,
		pid: port.pid,
		pidStart: '1',
		machine: `world-${port.host}`,
		version: '0.1.0',
	}),
});

const journalOf = (port: Port, folder: Folder, run: string, events: JournalEvent[]): Journal => ({
	path: `/${folder.name}/runs/${run}.jsonl`,
	write: (event) =>
		port.writeLine(event, () => {
			if (folder.isFull) {
				throw new Error('ENOSPC: no space left on device, write');
			}
			// As it is read back: what the schema does not know is not there.
			events.push(parseLine(JSON.stringify(event)) ?? unread(event));
		}),
	clean(event) {
		port.check();
		return event;
	},
	close() {},
	discard() {
		port.check();
		folder.journals.delete(run);
	},
});

function unread(event: JournalEvent): never {
	throw new Error(`the journal cannot read back its own line: ${JSON.stringify(event)}`);
}
