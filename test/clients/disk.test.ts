import {join} from 'node:path';
import {expect, it} from 'vitest';
import {diskOf, freeBytes} from '../../source/clients/disk.ts';
import {tempFolder} from '../config/temp.ts';

it('is that of the nearest folder that is there', async () => {
	const folder = await tempFolder();
	expect(await freeBytes(join(folder, 'not', 'there'))).toBeGreaterThan(0);
	await expect(diskOf(join(folder, 'not'))).rejects.toThrow(/ENOENT/);
});

it('that does not answer is waited for once, and for two seconds', {timeout: 10_000}, async () => {
	const answers: (() => void)[] = [];
	let asked = 0;
	const hangs = async (): Promise<never> => {
		asked++;
		await new Promise<void>((resolve) => answers.push(resolve));
		throw new Error('stale file handle');
	};
	const dead = {stat: hangs, statfs: hangs};
	const before = performance.now();
	await expect(freeBytes('/mnt/gone/backups', dead)).rejects.toThrow('/mnt/gone/backups does not answer');
	expect(performance.now() - before).toBeLessThan(5000);
	// Each further wait would hold one more of Node's four threads.
	await expect(freeBytes('/mnt/gone/backups', dead)).rejects.toThrow('does not answer');
	expect(asked).toBe(1);
	answers[0]!();
	await new Promise(setImmediate);
	const back = {stat: async () => {}, statfs: async () => ({bavail: 3, bsize: 4, blocks: 5})};
	expect(await freeBytes('/mnt/gone/backups', back)).toBe(12);
});
