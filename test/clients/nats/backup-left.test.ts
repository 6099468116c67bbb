import {mkdirSync, readdirSync, utimesSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {removeLeft} from '../../../source/clients/nats/backup-left.ts';
import {tempFolder} from '../../config/temp.ts';

it('removes what killed backups left, and nothing that is whole, fresh or not wanted', async () => {
	const folder = await tempFolder();
	const before = Date.now() / 1000 - 120;
	for (const [name, isOld] of [
		['S-1.part', true],
		['T-1.part', true],
		['S-2.part', false],
		['S-0', true],
	] as const) {
		mkdirSync(join(folder, name));
		writeFileSync(join(folder, name, 'stream.tar.s2'), 'x');
		if (isOld) {
			utimesSync(join(folder, name), before, before);
		}
	}
	expect(await removeLeft(folder, (name) => name.startsWith('S-'))).toEqual(['S-1.part']);
	expect(readdirSync(folder).sort()).toEqual(['S-0', 'S-2.part', 'T-1.part']);
	expect(await removeLeft(folder)).toEqual(['T-1.part']);
	expect(await removeLeft(join(folder, 'none'))).toEqual([]);
});
