import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {lastSeen} from '../../source/records/last-seen.ts';
import {memoryKeeper, readMemory} from '../../source/records/memory.ts';
import {type Place, placeAt} from '../../source/records/place.ts';
import type {Observation, StreamFacts} from '../../source/state/observation.ts';
import {tempFolder} from '../config/temp.ts';
import {consumer, now, observe, stream, streams, well} from '../state/fixture.ts';

const name = 'execution-consumer';
const look = (ms: number, facts: Partial<StreamFacts> = {}): Observation => streams(now + ms, stream(facts));

/** What is known of the consumer `ms` from now, after these looks. */
async function seenAfter(looks: Observation[], ms: number, createdAt = stream().created ?? 0) {
	const place: Place = placeAt(join(await tempFolder(), 'titan'));
	memoryKeeper(place).save(observe(well(), ...looks));
	return {place, seen: lastSeen(place, 'TITAN_INTENTS', name, createdAt, now + ms)};
}

describe('a consumer that is gone', () => {
	const busy = consumer({ackFloorStreamSeq: 4990, deliveredStreamSeq: 5000, ackPending: 4});
	const looks = [look(0, {consumers: [busy]}), look(1000, {consumers: []})];

	test('stopped at its floor, a moment before it went', async () => {
		const {seen} = await seenAfter(looks, 600_000);
		expect(seen).toEqual({floor: 4990, processed: 6, unseenMs: 1000});
	});

	test('that was there when the console last looked went nobody knows when', async () => {
		const {seen} = await seenAfter(looks.slice(0, 1), 600_000);
		expect(seen?.unseenMs).toBe(600_000);
	});

	test('that was gone when another console looked may have been there since', async () => {
		const {place} = await seenAfter(looks, 0);
		const later = observe(well(), {kind: 'memory', ...readMemory(place, now + 3000), at: now + 3000});
		expect(later.streams['TITAN_INTENTS']).toBeDefined();
		const {streams: remembered} = readMemory(place, now + 3000);
		const fresh = observe(
			{...well(), streams: {}},
			{kind: 'memory', streams: remembered, at: now + 3_600_000},
		);
		const after = observe(fresh, look(3_600_000, {consumers: []}));
		expect(after.streams['TITAN_INTENTS']?.consumers[name]?.goneAt).toBe(now + 3_600_000);
	});

	test('of another stream of the same name tells nothing, be that older or newer', async () => {
		expect((await seenAfter(looks, 2000, now + 500)).seen).toBeUndefined();
		expect((await seenAfter(looks, 2000, now - 200_000_000)).seen).toBeUndefined();
		const undated = [
			look(0, {consumers: [busy], created: undefined}),
			look(1000, {consumers: [], created: undefined}),
		];
		expect((await seenAfter(undated, 2000)).seen).toBeUndefined();
		const anew = [...looks, look(2000, {lastSeq: 2, firstSeq: 1, messages: 2, consumers: []})];
		expect((await seenAfter(anew, 3000)).seen).toBeUndefined();
	});
});
