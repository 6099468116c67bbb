import {describe, expect, it} from 'vitest';
import {mountOf} from '../../../source/clients/store-disk.ts';
import {judgeStore, type StoreFacts, startedOnFullDisk} from '../../../source/runbook/preflight/store.ts';
import {leastFreeBytes} from '../../../source/state/disk.ts';
import {needs} from './needs.ts';

const restart = needs({restartsServer: true, restartsFirst: true});
const purge = needs({purge: 1000});
const recover = needs({purge: 'nothing', recreates: true, stops: ['clients']});
const restartThenPurge = needs({purge: 1000, restartsServer: true, restartsFirst: true});
const disk = (freeBytes: number): StoreFacts['disk'] => ({path: '/v', freeBytes, totalBytes: 1 << 30});
const unknown = {unknown: 'the engine is on another host'};
const noSpace = "JetStream stream '$G > X' write error: no space left on device";

const judge = (facts: StoreFacts, needs: typeof purge) => judgeStore(facts, needs)[0];

describe('the room in the store', () => {
	it.each([
		['purge', purge, /Free space there, then run restart \(R\), then this/],
		['recover', recover, /Free space there, then run restart \(R\), then this/],
		['restart', restart, /Free space there first, then run this/],
		['restart, then purge', restartThenPurge, /Free space there first, then run this/],
	])('on a full disk %s is refused with the right order', (_, needs, order) => {
		for (const healthError of [undefined, noSpace]) {
			expect(judge({disk: disk(0), healthError}, needs)).toMatchObject({
				ok: false,
				evidence: expect.stringMatching(order),
			});
		}
	});

	it('with space again, and a server that met a full disk, wants a restart first', () => {
		const facts = {disk: disk(1 << 29), healthError: noSpace};
		expect(judge(facts, purge)).toMatchObject({
			ok: false,
			evidence: expect.stringMatching(/Run restart \(R\) first/),
		});
		expect(judge(facts, restart)).toMatchObject({ok: true, evidence: expect.stringMatching(/restart mends/)});
		expect(judge(facts, restartThenPurge)).toMatchObject({ok: true});
	});

	it('that can not be measured goes by what the server says', () => {
		expect(judge({disk: unknown}, purge)).toMatchObject({
			ok: true,
			evidence: expect.stringContaining('could not be measured (the engine is on another host)'),
		});
		expect(judge({disk: unknown, healthError: noSpace}, purge)).toMatchObject({ok: false});
		expect(judge({disk: unknown, healthError: noSpace}, restart)).toMatchObject({
			ok: true,
			evidence: expect.stringContaining('FREE SPACE FIRST'),
		});
		const server = {usedBytes: 3_108_000, limitBytes: 2_331_000};
		expect(judge({disk: unknown, server}, purge)).toMatchObject({
			ok: false,
			evidence: expect.stringContaining('The server started on a full disk'),
		});
		expect(judge({disk: disk(1 << 29), server}, purge)).toMatchObject({ok: true});
	});

	it('does not matter to what leaves the server and its streams alone', () => {
		expect(judgeStore({disk: disk(0)}, needs({stops: ['clients']}))).toEqual([]);
	});

	it('knows a limit that was taken from a full disk', () => {
		expect(startedOnFullDisk({usedBytes: 3_108_000, limitBytes: 2_331_000})).toBe(true);
		expect(startedOnFullDisk({usedBytes: 3_108_000, limitBytes: 0})).toBe(true);
		// One that an operator set, below what was stored then.
		expect(startedOnFullDisk({usedBytes: 3_108_000, limitBytes: 1_000_000})).toBe(false);
		expect(startedOnFullDisk({usedBytes: 3_108_000, limitBytes: 9_437_184})).toBe(false);
		expect(startedOnFullDisk({usedBytes: 0, limitBytes: 0})).toBe(false);
	});

	it('asks less of a small disk', () => {
		expect(leastFreeBytes(12 << 20)).toBe((12 << 20) / 20);
		expect(leastFreeBytes(100 * 2 ** 30)).toBe(16 << 20);
	});
});

describe('the mount of a folder', () => {
	const mount = (destination: string, source = `/host${destination}`, writable = true) => ({
		source,
		destination,
		writable,
	});

	it.each([
		['/data/jetstream', ['/', '/data', '/data/other'], '/data'],
		['/data', ['/data'], '/data'],
		['/data/jetstream', ['/dat', '/database'], undefined],
		['/data/x/', ['/data', '/data/x'], '/data/x'],
		[undefined, ['/data'], '/data'],
		[undefined, ['/data', '/logs'], undefined],
	])('%s in %j is %s', (folder, destinations, found) => {
		expect(
			mountOf(
				destinations.map((destination) => mount(destination)),
				folder,
			)?.destination,
		).toBe(found);
	});

	it('is none that can not be written, or has no folder on the host', () => {
		expect(mountOf([mount('/data', '/host/data', false)], '/data')).toBeUndefined();
		expect(mountOf([mount('/data', '')], '/data')).toBeUndefined();
	});
});
