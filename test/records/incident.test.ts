import {chmodSync, existsSync, mkdirSync, rmSync, utimesSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {expect, it, onTestFinished} from 'vitest';
import {
	endIncident,
	heldIncident,
	holdIncident,
	isIncidentWatched,
	keepIncidentFresh,
	readIncident,
	startIncident,
} from '../../source/records/incident.ts';
import type {Place} from '../../source/records/place.ts';
import {recordsTrouble} from '../../source/records/trouble.ts';
import {tempPlace} from '../runbook/fixture.ts';
import {withoutRoot} from '../without-root.ts';

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
	endIncident(place);
	const long = at - 61 * 60_000;
	expect(startIncident(place, long)).toBe(long);
	utimesSync(place.incident, long / 1000, long / 1000);
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

/** A folder of records that nobody can write, or whose files nobody can see. */
async function unwritable(mode: number): Promise<Place> {
	const place = await tempPlace();
	for (let folder = dirname(place.root); folder.includes('jetmedic-test'); folder = dirname(folder)) {
		chmodSync(folder, 0o755);
	}
	chmodSync(place.root, mode);
	onTestFinished(() => chmodSync(place.root, 0o700));
	return place;
}

it.each([
	['can not be written', 0o555],
	['can not be opened', 0],
])('goes on and ends in this process alone where the folder %s', async (_, mode) => {
	const place = await unwritable(mode);
	const at = Date.now();
	await withoutRoot(() => {
		expect(startIncident(place, at)).toBe(at);
		expect(recordsTrouble(place)).toContain(`${place.root} cannot be written`);
		expect(startIncident(place, at + 5)).toBe(at);
		expect(readIncident(place)).toBe(at);
		expect(heldIncident(place)).toBe(at);
		keepIncidentFresh(place);
		endIncident(place);
		expect(readIncident(place)).toBeUndefined();
		expect(startIncident(place, at + 9)).toBe(at + 9);
		endIncident(place);
	});
});

it('is over for this process where its file can not be removed', async () => {
	const place = await unwritable(0o755);
	const at = Date.now();
	startIncident(place, at);
	chmodSync(place.incident, 0o644);
	await withoutRoot(() => {
		expect(readIncident(place)).toBe(at);
		endIncident(place);
		expect(readIncident(place)).toBeUndefined();
		expect(startIncident(place, at + 5)).toBe(at + 5);
		expect(readIncident(place)).toBe(at + 5);
	});
});

it('is written once that is possible, and then ends with its file', async () => {
	const place = await tempPlace();
	const at = Date.now();
	// A folder where the file should be: whoever runs the tests, it can't be written.
	rmSync(place.root, {recursive: true});
	writeFileSync(place.root, '');
	expect(startIncident(place, at)).toBe(at);
	expect(recordsTrouble(place)).toMatch(/cannot be written/);
	rmSync(place.root);
	mkdirSync(place.root);
	expect(recordsTrouble(place)).toMatch(/is its disk full/);
	keepIncidentFresh(place);
	expect(existsSync(place.incident)).toBe(true);
	expect(recordsTrouble(place)).toBeUndefined();
	rmSync(place.incident);
	expect(readIncident(place)).toBeUndefined();
});

it('that another process told of ends with its file', async () => {
	const place = await tempPlace();
	const at = Date.now();
	holdIncident(place, at);
	expect(heldIncident(place)).toBe(at);
	writeFileSync(place.incident, JSON.stringify({since: at}));
	expect(readIncident(place)).toBe(at);
	rmSync(place.incident);
	expect(readIncident(place)).toBeUndefined();
});
