import {execFileSync} from 'node:child_process';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {packTar, unpackTar} from '../../../source/clients/docker/tar.ts';
import {tempFolder} from '../../config/temp.ts';

const files = {
	'jetmedic/beat': '7',
	'jetmedic/empty': '',
	'jetmedic/journal-0000': `${'ä'.repeat(700)}\n`,
	'jetmedic/journal-0001': 'x'.repeat(1024),
};

describe('a tar archive', () => {
	it('is what tar reads', async () => {
		const folder = await tempFolder();
		const archive = join(folder, 'a.tar');
		writeFileSync(archive, packTar(files));
		execFileSync('tar', ['xf', archive, '-C', folder]);
		for (const [path, text] of Object.entries(files)) {
			expect(readFileSync(join(folder, path), 'utf8')).toBe(text);
		}
	});

	it.each(['ustar', 'pax', 'gnu'])('of tar in the format %s is read, files alone', async (format) => {
		const folder = await tempFolder();
		mkdirSync(join(folder, 'jetmedic'));
		for (const [path, text] of Object.entries(files)) {
			writeFileSync(join(folder, path), text);
		}
		const archive = execFileSync('tar', ['cf', '-', `--format=${format}`, '-C', folder, 'jetmedic']);
		expect(unpackTar(archive)).toEqual(files);
	});

	it('that was cut or is none gives what is whole', () => {
		const archive = packTar(files);
		expect(unpackTar(archive)).toEqual(files);
		expect(unpackTar(archive.subarray(0, 3 * 512))).toEqual({'jetmedic/beat': '7', 'jetmedic/empty': ''});
		expect(unpackTar(Buffer.alloc(0))).toEqual({});
		expect(unpackTar(Buffer.from('no archive'.repeat(200)))).toEqual({});
	});

	it('refuses a path that a header has no room for', () => {
		expect(() => packTar({['x'.repeat(101)]: ''})).toThrow(/too long/);
	});
});
