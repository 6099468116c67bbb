/** Snapshots of the same stream by nats-server 2.9.10 and 2.15.1: 38 messages of 40, and two consumers. */
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {checkArchive} from '../../../source/clients/archive/check.ts';
import type {ArchiveContent} from '../../../source/clients/archive/content.ts';
import {DamageError} from '../../../source/clients/archive/damage.ts';
import {inertHead} from '../../../source/clients/archive/inert.ts';
import {readerFor} from '../../../source/clients/archive/reader.ts';
import {S2Stream} from '../../../source/clients/archive/s2-stream.ts';
import {WholeArchive} from '../../../source/clients/archive/whole.ts';
import {tempFolder} from '../../config/temp.ts';

const archives = {
	'2.9': fileURLToPath(new URL('./backup-2.9/stream.tar.s2', import.meta.url)),
	'2.15': fileURLToPath(new URL('./backup-2.15/stream.tar.s2', import.meta.url)),
};
const versions = ['2.9', '2.15'] as const;

function prove(bytes: Uint8Array): ArchiveContent {
	const archive = new WholeArchive();
	archive.push(bytes);
	return archive.end();
}

function decoded(bytes: Uint8Array): Buffer {
	const blocks: Buffer[] = [];
	const stream = new S2Stream((block) => blocks.push(Buffer.from(block)));
	stream.push(bytes);
	stream.end();
	return Buffer.concat(blocks);
}

describe('checkArchive', () => {
	it('says what a snapshot since 2.15 holds', async () => {
		const fractions: number[] = [];
		const checked = await checkArchive(archives['2.15'], (fraction) => fractions.push(fraction));
		expect(checked).toMatchObject({
			layout: 'archive',
			messages: 38,
			consumers: [{name: 'work'}, {name: 'push', deliverSubject: 'shipping.out'}],
			bytes: readFileSync(archives['2.15']).length,
		});
		expect(checked.sha256).toMatch(/^[\da-f]{64}$/);
		expect(fractions.at(-1)).toBe(1);
	});

	it('says what a snapshot before 2.15 holds', async () => {
		const checked = await checkArchive(archives['2.9']);
		expect(checked).toMatchObject({layout: 'tar', consumers: [{name: 'work'}, {name: 'push'}]});
		expect(checked.messages).toBeUndefined();
	});

	it('refuses what is no archive', async () => {
		const folder = await tempFolder({empty: '', other: 'PK\u0003\u0004\0\0\0\0 a zip'});
		await expect(checkArchive(join(folder, 'empty'))).rejects.toThrow('it is empty');
		await expect(checkArchive(join(folder, 'other'))).rejects.toThrow(DamageError);
	});

	it('ends when it is aborted', async () => {
		const aborted = AbortSignal.abort(new Error('SIGTERM'));
		await expect(checkArchive(archives['2.15'], undefined, aborted)).rejects.toThrow('SIGTERM');
	});
});

describe.each(versions)('an archive of %s', (version) => {
	const whole = readFileSync(archives[version]);

	it('is found cut at every place', () => {
		for (let length = 0; length < whole.length; length++) {
			expect(() => prove(whole.subarray(0, length)), `cut at ${length}`).toThrow(DamageError);
		}
	});

	it('is found altered by a flipped bit in every byte', () => {
		const before = decoded(whole);
		let same = 0;
		for (let at = 0; at < whole.length; at++) {
			const copy = Buffer.from(whole);
			copy[at]! ^= 1 << (at & 7);
			try {
				prove(copy);
			} catch (error) {
				expect(error, `byte ${at}`).toBeInstanceOf(DamageError);
				continue;
			}
			// A copy out of a run of zeros may come from elsewhere in it: then what it decodes to is the same.
			expect(decoded(copy).equals(before), `byte ${at}`).toBe(true);
			same++;
		}
		expect(same).toBeLessThan(whole.length / 50);
	});

	it('is found to have something added', () => {
		expect(() => prove(Buffer.concat([whole, whole]))).toThrow('something follows its end');
		expect(() => prove(Buffer.concat([whole, Buffer.from('\n')]))).toThrow('it was cut');
	});

	it.each([1, 2, 3, 5, 7, 64, 1000])('is read in pieces of %i bytes', (size) => {
		const archive = new WholeArchive();
		const counting = new S2Stream();
		for (let at = 0; at < whole.length; at += size) {
			archive.push(whole.subarray(at, at + size));
			counting.push(whole.subarray(at, at + size));
		}
		expect(archive.end()).toEqual(prove(whole));
		expect(counting.decodedBytes).toBe(decoded(whole).length);
	});

	// A file can be whole by its blocks and end between two of them: only the layout's own end tells.
	it('is found to lack its end', () => {
		const content = decoded(whole);
		const reader = readerFor(content);
		reader.push(content.subarray(0, content.length - (version === '2.9' ? 512 : 1)), 0);
		expect(() => reader.end()).toThrow('its end is not there');
	});
});

it('can be an archive of the messages alone', () => {
	const whole = readFileSync(archives['2.15']);
	const {inert} = prove(whole);
	const without = Buffer.concat([inertHead(inert!), whole.subarray(inert!.restAt)]);
	expect(prove(without)).toMatchObject({messages: 38, consumers: []});
	expect(decoded(without).includes('"consumer_count":0')).toBe(true);
	expect(decoded(without).includes('shipping.out')).toBe(false);
	expect(decoded(without).subarray(-500).equals(decoded(whole).subarray(-500))).toBe(true);
});
