import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {findMirror, mirrorIn} from '../../lab/engine/mirror.ts';

describe('mirrorIn', () => {
	it('takes the address from URIs and not from the comment above it', () => {
		const text =
			'Types: deb\n# http://snapshot.example/archive/debian\nURIs: http://mirror.example/debian\nSuites: x\n';
		expect(mirrorIn(text)).toBe('http://mirror.example/debian');
	});

	it('finds nothing in a commented URIs or deb line', () => {
		expect(mirrorIn('# URIs: http://mirror.example/debian\n#deb http://mirror.example/debian x main\n')).toBe(
			undefined,
		);
	});

	it('skips the security archive and other vendors', () => {
		const text =
			'URIs: http://mirror.example/debian-security http://other.example/apt\nURIs: https://mirror.example/debian/\n';
		expect(mirrorIn(text)).toBe('https://mirror.example/debian');
	});

	it('reads the one-line style with options', () => {
		expect(mirrorIn('deb [arch=amd64] http://mirror.example/debian x main\n')).toBe(
			'http://mirror.example/debian',
		);
	});

	it('ignores source packages', () => {
		expect(mirrorIn('deb-src http://mirror.example/debian x main\n')).toBe(undefined);
	});
});

describe('findMirror', () => {
	let folder = '';
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'jetmedic-apt-'));
		mkdirSync(join(folder, 'sources.list.d'));
	});
	afterEach(() => rmSync(folder, {recursive: true}));

	it('looks through the parts in the order of their names', () => {
		writeFileSync(join(folder, 'sources.list.d', 'b.sources'), 'URIs: http://b.example/debian\n');
		writeFileSync(join(folder, 'sources.list.d', 'a.list'), 'deb http://a.example/debian x main\n');
		expect(findMirror(folder)).toBe('http://a.example/debian');
	});

	it('ignores files that apt ignores', () => {
		writeFileSync(join(folder, 'sources.list.d', 'a.sources.bak'), 'URIs: http://a.example/debian\n');
		expect(findMirror(folder)).toBe(undefined);
	});

	it('gives nothing for a machine without apt', () => {
		expect(findMirror(join(folder, 'nowhere'))).toBe(undefined);
	});
});
