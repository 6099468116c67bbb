import {readdirSync, readFileSync} from 'node:fs';
import {dirname, join, relative} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';

const source = fileURLToPath(new URL('../../source', import.meta.url));

/** The rooms of the house, from the ground up: each imports only those before it. */
const floors = [
	'text',
	'config',
	'state',
	'clients',
	'deployment',
	'diagnosis',
	'records',
	'lock',
	'sources',
	'runbook',
	'report',
	'escalation',
	'watch',
	'ui',
	'commands',
	'.',
];

type Import = {file: string; specifier: string};

const files = readdirSync(source, {recursive: true, encoding: 'utf8'}).filter((name) => /\.tsx?$/.test(name));

const imports: Import[] = files.flatMap((file) =>
	[
		...readFileSync(join(source, file), 'utf8').matchAll(/\b(?:from|import)\s*\(?\s*'(?<specifier>[^']+)'/g),
	].map(({groups}) => ({file, specifier: groups!['specifier']!})),
);

const roomOf = (path: string): string => (path.includes('/') ? path.split('/')[0]! : '.');

/** The imports of a package or a built-in module that stand outside the rooms which may have them. */
const outside = (pattern: RegExp, rooms: RegExp): string[] =>
	imports
		.filter(({file, specifier}) => pattern.test(specifier) && !rooms.test(file))
		.map(({file, specifier}) => `${file} imports ${specifier}`);

describe('the house', () => {
	it('has only rooms that are named in the table of floors', () => {
		expect([...new Set(files.map(roomOf))].filter((room) => !floors.includes(room))).toEqual([]);
	});

	it('has imports that only point down', () => {
		const up = imports
			.filter(({specifier}) => specifier.startsWith('.'))
			.map(({file, specifier}) => ({file, to: relative(source, join(source, dirname(file), specifier))}))
			.filter(({to}) => !to.startsWith('..'))
			.filter(({file, to}) => floors.indexOf(roomOf(to)) > floors.indexOf(roomOf(file)))
			.map(({file, to}) => `${file} imports ${to}`);
		expect(up).toEqual([]);
	});

	it('has no circle of files, not even of types', () => {
		const to = new Map<string, string[]>();
		for (const {file, specifier} of imports.filter((one) => one.specifier.startsWith('.'))) {
			to.set(file, [...(to.get(file) ?? []), relative(source, join(source, dirname(file), specifier))]);
		}
		const done = new Set<string>();
		const circles: string[] = [];
		const walk = (file: string, way: readonly string[]): void => {
			if (way.includes(file)) {
				circles.push([...way.slice(way.indexOf(file)), file].join(' -> '));
			} else if (!done.has(file)) {
				for (const next of to.get(file) ?? []) {
					walk(next, [...way, file]);
				}
				done.add(file);
			}
		};
		for (const file of files) {
			walk(file, []);
		}
		expect(circles).toEqual([]);
	});

	it('reaches the world from a runbook only through the seam', () => {
		const reach = /^(node:|nats$|dockerode$)|\/clients\/|^\.\.\/clients\//;
		expect(outside(reach, /^(?!runbook\/)/)).toEqual([]);
	});

	it('reads the time in a runbook only from the clock of the deployment', () => {
		const timed = /\b(Date\.now|performance\.now|setTimeout|setInterval|new Date\(\)|process\.)/;
		const readers = files.filter(
			(file) => file.startsWith('runbook/') && timed.test(readFileSync(join(source, file), 'utf8')),
		);
		expect(readers).toEqual([]);
	});

	it('knows the NATS client in one room, and the Docker client in one', () => {
		expect(outside(/^nats$/, /^clients\/nats\//)).toEqual([]);
		expect(outside(/^dockerode$/, /^clients\/docker\//)).toEqual([]);
	});
});
