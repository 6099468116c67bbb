import {join} from 'node:path';
import type {JournalEvent} from '../../source/records/event.ts';
import {makePlace, type Place, placeAt} from '../../source/records/place.ts';
import {tempFolder} from '../config/temp.ts';

/** A place for records of its own, gone when the test ends. */
export async function tempPlace(): Promise<Place> {
	const place = placeAt(join(await tempFolder(), 'state', 'titan'), {engine: 'ENGINE', isConfirmed: true});
	makePlace(place);
	return place;
}

/** The first line of a run's journal. */
export const started = (
	changes: Partial<Extract<JournalEvent, {event: 'started'}>> = {},
): Extract<JournalEvent, {event: 'started'}> => ({
	event: 'started',
	run: '20261123T140311-000-recover-1',
	runbook: 'recover',
	title: 'full recovery of TITAN_INTENTS',
	deployment: 'titan',
	host: 'prod-1',
	user: 'ana',
	origin: 'ssh from 10.0.0.7',
	pid: process.pid,
	pidStart: '1',
	version: '0.1.0',
	confirmed: {how: 'key', loss: 0},
	backup: true,
	steps: ['preflight', 'stop', 'start', 'verify'].map((id) => ({id, title: id, text: `will ${id}`})),
	at: 1000,
	...changes,
});
