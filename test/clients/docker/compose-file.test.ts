import {utimes, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {parseComposeFile} from '../../../source/clients/docker/compose-file.ts';
import {tempFolder} from '../../config/temp.ts';

it('parses a file again only if it changed, also by as many bytes and with its old time', async () => {
	const file = join(await tempFolder({'compose.yaml': 'services: {a: {}}'}), 'compose.yaml');
	await utimes(file, 1, 1);
	const first = parseComposeFile(file);
	expect(first).toEqual([{services: {a: {}}}]);
	expect(parseComposeFile(file)).toBe(first);
	await writeFile(file, 'services: {b: {}}');
	await utimes(file, 1, 1);
	expect(parseComposeFile(file)).toEqual([{services: {b: {}}}]);
	await writeFile(file, 'services: {');
	expect(() => parseComposeFile(file)).toThrow('Could not read the Compose file');
	expect(() => parseComposeFile(file)).toThrow('Could not read the Compose file');
	await writeFile(file, 'services: {c: {}}');
	expect(parseComposeFile(file)).toEqual([{services: {c: {}}}]);
});
