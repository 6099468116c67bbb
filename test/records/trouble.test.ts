import {spawnSync} from 'node:child_process';
import {
	chmodSync,
	closeSync,
	mkdirSync,
	openSync,
	readdirSync,
	rmSync,
	writeFileSync,
	writeSync,
} from 'node:fs';
import {dirname, join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import {titan} from '../../source/config/titan.ts';
import {openRecords} from '../../source/records/open-records.ts';
import {makePlace, placeAt} from '../../source/records/place.ts';
import {recordsTrouble, writeTrouble} from '../../source/records/trouble.ts';
import {canMount} from '../able.ts';
import {tempFolder} from '../config/temp.ts';
import {started, tempPlace} from '../runbook/fixture.ts';
import {withoutRoot} from '../without-root.ts';

/** A folder on a disk of 256 KiB. */
async function tinyDisk(options = ''): Promise<string> {
	const folder = await tempFolder();
	const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=256k,mode=700${options}`, 'tmpfs', folder]);
	expect(mounted.status).toBe(0);
	onTestFinished(() => void spawnSync('umount', ['-l', folder]));
	return folder;
}

function fill(folder: string): void {
	const file = openSync(join(folder, 'full'), 'w');
	try {
		for (;;) {
			writeSync(file, Buffer.alloc(4096, 1));
		}
	} catch {
		closeSync(file);
	}
}

const raw = /\bE[A-Z]{4,}\b|errno|syscall/;

describe('whether a run can keep its journal', () => {
	it('is tried, and leaves nothing behind', async () => {
		const place = await tempPlace();
		expect(writeTrouble(place)).toBeUndefined();
		expect(readdirSync(place.runs)).toEqual([]);
		const fresh = placeAt(join(await tempFolder(), 'state', 'jetmedic', 'titan'));
		expect(writeTrouble(fresh)).toBeUndefined();
		expect(readdirSync(dirname(dirname(dirname(fresh.root))))).toEqual([]);
	});

	it.skipIf(!canMount)('is denied in a sentence where the disk is full', async () => {
		const folder = await tinyDisk();
		const place = placeAt(join(folder, 'titan'), {engine: 'E', isConfirmed: true});
		makePlace(place);
		expect(writeTrouble(place)).toBeUndefined();
		fill(folder);
		expect(writeTrouble(place)).toBe(`${place.runs} cannot be written: its disk is full`);
		expect(readdirSync(place.runs)).toEqual([]);
		const records = openRecords(place, titan, {});
		expect(records.trouble()).toContain('its disk is full');
		await expect(
			records.createJournal('r1', 'E').then((journal) => journal.write(started({run: 'r1'}))),
		).rejects.toThrow(`${place.runs} cannot be written: its disk is full`);
	});

	it.skipIf(!canMount)('is denied in a sentence where the file system is read-only', async () => {
		const folder = await tinyDisk();
		spawnSync('mount', ['-o', 'remount,ro', folder]);
		const place = placeAt(join(folder, 'jetmedic', 'titan'));
		for (const trouble of [writeTrouble(place), recordsTrouble(place)]) {
			expect(trouble).toMatch(/cannot be written: its file system is read-only$/);
			expect(trouble).not.toMatch(raw);
		}
	});

	it('is denied in a sentence where a file is in the way, or permission is missing', async () => {
		const place = await tempPlace();
		rmSync(place.root, {recursive: true});
		writeFileSync(place.root, '');
		expect(recordsTrouble(place)).toMatch(/cannot be written: [a-z ]+$/);
		rmSync(place.root);
		mkdirSync(place.root);
		for (let folder = place.root; folder.includes('jetmedic-test'); folder = dirname(folder)) {
			chmodSync(folder, 0o755);
		}
		await withoutRoot(() => {
			expect(writeTrouble(place)).toMatch(/cannot be written: permission denied$/);
			expect(recordsTrouble(place)).toMatch(/cannot be written: permission denied$/);
		});
	});

	it('is denied for another engine than these records are of', async () => {
		const place = await tempPlace();
		const records = openRecords(place, titan, {});
		await expect(records.createJournal('r1', 'OTHER')).rejects.toThrow(
			/has the ID OTHER, but these records belong to the engine ENGINE/,
		);
		expect(readdirSync(place.runs)).toEqual([]);
		await expect(records.createJournal('../r1', 'ENGINE')).rejects.toThrow('cannot be the id of a run');
	});
});
