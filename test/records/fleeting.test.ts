import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {isFleeting} from '../../source/records/fleeting.ts';
import {tempFolder} from '../config/temp.ts';

const mount = (point: string, type = point === '/' ? 'overlay' : 'ext4'): string =>
	`21 20 0:19 / ${point} rw,relatime - ${type} /dev/vda1 rw`;
const mounts = (...points: string[]): string =>
	['/', '/proc', '/dev', ...points].map((point) => mount(point)).join('\n');

it('takes records in the layer of a container for fleeting, and none on a volume or outside of one', async () => {
	const folder = await tempFolder();
	mkdirSync(join(folder, 'my state'));
	const records = join(folder, 'my state', 'jetmedic', 'titan');
	expect(isFleeting(records, mounts(), true)).toBe(true);
	expect(isFleeting(records, mounts(`${folder}-other`), true)).toBe(true);
	expect(isFleeting(records, mounts(folder), true)).toBe(false);
	expect(isFleeting(records, mounts(join(folder, 'my\\040state')), true)).toBe(false);
	expect(isFleeting(records, mounts(), false)).toBe(false);
	expect(isFleeting(records, '', true)).toBe(false);
	// A virtual machine that was made of an image has the file of a container, and a disk of its own.
	expect(isFleeting(records, mount('/', 'ext4'), true)).toBe(false);
});
