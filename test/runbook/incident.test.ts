import {utimesSync, writeFileSync} from 'node:fs';
import {expect, it} from 'vitest';
import {
	endIncident,
	isIncidentWatched,
	keepIncidentFresh,
	readIncident,
	startIncident,
} from '../../source/runbook/incident.ts';
import {tempPlace} from './fixture.ts';

it('has one clock, whoever starts it and how often', async () => {
	const place = await tempPlace();
	const at = Date.now();
	expect(readIncident(place)).toBeUndefined();
	expect(startIncident(place, at)).toBe(at);
	expect(startIncident(place, at + 5)).toBe(at);
	expect(readIncident(place)).toBe(at);
	endIncident(place);
	expect(startIncident(place, at + 9)).toBe(at + 9);
});

it('starts anew where a file is damaged, or nobody touched it for an hour', async () => {
	const place = await tempPlace();
	const at = Date.now();
	writeFileSync(place.incident, '{"since":');
	expect(startIncident(place, at)).toBe(at);
	utimesSync(place.incident, (at - 61 * 60_000) / 1000, (at - 61 * 60_000) / 1000);
	expect(startIncident(place, at + 1)).toBe(at + 1);
	expect(readIncident(place)).toBe(at + 1);
});

it('is watched while a console says so, and not because it was made just now', async () => {
	const place = await tempPlace();
	startIncident(place, Date.now());
	expect(isIncidentWatched(place)).toBe(false);
	endIncident(place);
	startIncident(place, Date.now() - 60_000);
	keepIncidentFresh(place);
	expect(isIncidentWatched(place)).toBe(true);
	const before = (Date.now() - 41_000) / 1000;
	utimesSync(place.incident, before, before);
	expect(isIncidentWatched(place)).toBe(false);
});
