import {
	chmodSync,
	chownSync,
	closeSync,
	existsSync,
	lchownSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {inContainer} from '../../source/config/in-container.ts';
import {writeEscalation} from '../../source/records/escalation-record.ts';
import {keepIncidentFresh, readIncident, startIncident} from '../../source/records/incident.ts';
import {createJournal, listJournals} from '../../source/records/journal.ts';
import {readMemory} from '../../source/records/memory.ts';
import {appendNotes} from '../../source/records/note-file.ts';
import {openEmpty} from '../../source/records/own-file.ts';
import {makePlace, type Place, placeAt} from '../../source/records/place.ts';
import {writeConfigs} from '../../source/records/saved-configs.ts';
import {recordsTrouble} from '../../source/records/trouble.ts';
import {canBecome} from '../able.ts';
import {tempFolder} from '../config/temp.ts';
import {tempPlace} from '../runbook/fixture.ts';

const stranger = 1234;

/** A file of somebody's that a link in the records leads to. */
async function victim(): Promise<string> {
	const path = join(await tempFolder({precious: 'precious'}), 'precious');
	chmodSync(path, 0o644);
	return path;
}

const expectUntouched = (path: string): void => {
	expect(readFileSync(path, 'utf8')).toBe('precious');
	expect(statSync(path).mode & 0o777).toBe(0o644);
};

const writers: [string, (place: Place) => string, (place: Place) => void][] = [
	['findings', ({findings}) => findings, (place) => appendNotes(place, place.findings, [{at: 1}])],
	['a log', ({root}) => join(root, 'run-x.log'), ({root}) => closeSync(openEmpty(join(root, 'run-x.log')))],
	['a journal', ({runs}) => join(runs, 'x.jsonl'), (place) => createJournal(place, 'x').close()],
	['configurations', ({configs}) => configs, ({configs}) => writeConfigs(configs, {streams: {}})],
	['an incident', ({incident}) => incident, (place) => void startIncident(place, Date.now())],
	['the mark that it goes on', ({incident}) => incident, (place) => keepIncidentFresh(place)],
	[
		'an escalation',
		({escalation}) => escalation,
		(place) =>
			writeEscalation(place, {since: 1, dueAt: 2, to: [], delivered: [], attempts: 0, pid: 1, pidStart: ''}),
	],
];

describe('what is written into the records', () => {
	it.each(writers)('follows no link: %s', async (_, pathOf, write) => {
		const place = await tempPlace();
		const path = await victim();
		symlinkSync(path, pathOf(place));
		const before = statSync(path).mtimeMs;
		try {
			write(place);
		} catch (error) {
			expect((error as Error).message).toMatch(/is a link|EEXIST/);
		}
		expectUntouched(path);
		expect(statSync(path).mtimeMs).toBe(before);
	});

	it('makes no file where a link leads to none', async () => {
		const place = await tempPlace();
		const target = join(await tempFolder(), 'new');
		symlinkSync(target, place.findings);
		appendNotes(place, place.findings, [{at: 1}]);
		expect(existsSync(target)).toBe(false);
	});

	it('leaves nothing behind', async () => {
		const place = await tempPlace();
		startIncident(place, Date.now());
		writeConfigs(place.configs, {streams: {}});
		expect(readdirSync(place.root).filter((name) => name.endsWith('.tmp'))).toEqual([]);
	});

	it.skipIf(!canBecome)(
		'is not added to what belongs to another user, and that is not believed',
		async () => {
			const place = await tempPlace();
			for (const path of [place.findings, place.incident, place.memory]) {
				writeFileSync(
					path,
					JSON.stringify({since: 1, streams: [{name: 'x'}], usual: {nats: {minutes: 1, perMinute: {}}}}),
				);
				chownSync(path, stranger, stranger);
			}
			const before = readFileSync(place.findings, 'utf8');
			appendNotes(place, place.findings, [{at: 1}]);
			expect(readFileSync(place.findings, 'utf8')).toBe(before);
			expect(statSync(place.findings).uid).toBe(stranger);
			expect(readIncident(place)).toBeUndefined();
			expect(readMemory(place, 1).usual).toEqual({});
		},
	);
});

describe.skipIf(!canBecome)('a folder of the records', () => {
	const folder = async (): Promise<Place> => placeAt(join(await tempFolder(), 'jetmedic', 'titan'));

	it.each([
		[
			'that another user made',
			(path: string) => chownSync(path, stranger, stranger),
			`belongs to uid ${stranger}`,
		],
		['that everybody can write', (path: string) => chmodSync(path, 0o777), 'can be changed by every user'],
		[
			'that a group can write',
			(path: string) => {
				chownSync(path, 0, stranger);
				chmodSync(path, 0o770);
			},
			'can be changed by the group',
		],
	])('%s is refused with the reason, and nothing is written', async (_, change, reason) => {
		for (const pick of [
			({root}: Place) => root,
			({root}: Place) => join(root, '..'),
			({runs}: Place) => runs,
		]) {
			const place = await folder();
			makePlace(place);
			// Below a folder that nobody else can enter nobody asks who can change what.
			for (const above of [join(place.root, '..'), place.root]) {
				chmodSync(above, 0o755);
			}
			change(pick(place));
			const trouble = recordsTrouble(place);
			expect(trouble).toContain('The folder of the records is not used.');
			expect(trouble).toContain(reason);
			expect(trouble).toContain('XDG_STATE_HOME');
			// In a container the advice is `--user`.
			expect(trouble?.includes('sudo -H')).toBe(!inContainer());
			appendNotes(place, place.findings, [{at: 1}]);
			writeEscalationQuietly(place);
			expect(
				readdirSync(place.root).filter((name) => name.endsWith('.json') || name.endsWith('.jsonl')),
			).toEqual([]);
			expect(() => makePlace(place)).toThrow(reason);
			expect(listJournals(place)).toEqual([]);
		}
	});

	it('that is a link of another user is refused', async () => {
		const place = await folder();
		const base = join(place.root, '..');
		mkdirSync(base, {recursive: true});
		const elsewhere = await tempFolder();
		symlinkSync(elsewhere, place.root);
		lchownSync(place.root, stranger, stranger);
		expect(() => makePlace(place)).toThrow(`belongs to uid ${stranger}`);
		expect(readdirSync(elsewhere)).toEqual([]);
	});

	it('in a folder of another user is not even made', async () => {
		const home = await tempFolder();
		chownSync(home, stranger, stranger);
		const place = placeAt(join(home, '.local', 'state', 'jetmedic', 'titan'));
		expect(() => makePlace(place)).toThrow(`belongs to uid ${stranger}`);
		expect(readdirSync(home)).toEqual([]);
	});
});

function writeEscalationQuietly(place: Place): void {
	expect(() =>
		writeEscalation(place, {since: 1, dueAt: 2, to: [], delivered: [], attempts: 0, pid: 1, pidStart: ''}),
	).toThrow('is not used');
}
