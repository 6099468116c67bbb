import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {ownDaemon} from '../../lab/engine/leftovers.ts';
import {locked} from '../../lab/engine/lock.ts';
import {type Place, placeOf} from '../../lab/place.ts';

let folder = '';
let place: Place;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'jl-'));
	place = placeOf({name: 'unit'}, {JETMEDIC_LAB_STATE: folder});
	mkdirSync(place.state, {recursive: true});
});
afterEach(() => rmSync(folder, {recursive: true}));

describe('ownDaemon', () => {
	it('takes no other process for the daemon, though its id stands in the pid file', () => {
		writeFileSync(join(place.state, 'pid'), String(process.pid));
		expect(ownDaemon(place)).toBe(undefined);
	});
});

describe('locked', () => {
	it('lets one in at a time', async () => {
		const order: string[] = [];
		const first = locked(place, async () => {
			order.push('a starts');
			await new Promise((resolve) => setTimeout(resolve, 50));
			order.push('a ends');
		});
		const second = locked(place, async () => order.push('b'));
		await Promise.all([first, second]);
		expect(order).toEqual(['a starts', 'a ends', 'b']);
	});

	it('takes over the lock of a process that is gone', async () => {
		writeFileSync(join(place.base, 'unit.lock'), '4194304\n');
		expect(await locked(place, async () => 'in', 2000)).toBe('in');
	});

	it('says who holds the lock when it waits in vain', async () => {
		writeFileSync(join(place.base, 'unit.lock'), `${process.pid}\n`);
		await expect(locked(place, async () => 'in', 50)).rejects.toThrow(
			new RegExp(`process \\(${process.pid}\\)`),
		);
	});

	it('says so when the state folder cannot be written', async () => {
		const file = join(folder, 'file');
		writeFileSync(file, '');
		const inside = {...place, base: join(file, 'below')};
		await expect(locked(inside, async () => 'in', 200)).rejects.toThrow(
			/cannot be written.*JETMEDIC_LAB_STATE/,
		);
	});

	it('gives the lock back after a failure', async () => {
		await expect(locked(place, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
		expect(await locked(place, async () => 'in', 500)).toBe('in');
	});
});
