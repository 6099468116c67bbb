import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {readCall} from '../../source/commands/call/read-call.ts';
import {launchRun} from '../../source/commands/launch-run.ts';
import {titan} from '../../source/config/titan.ts';
import type {Place} from '../../source/records/place.ts';
import type {Plan} from '../../source/runbook/planned.ts';
import {tempFolder} from '../config/temp.ts';
import {tempPlace} from '../runbook/fixture.ts';
import {until} from '../until.ts';

const plan = {runbook: 'restart', backup: true, confirmation: {kind: 'key', key: 'y'}} as Plan;

/** Starts a program in the place of jetmedic. It gets the path of its journal as its last argument. */
async function launch(program: string, place: Place, id = 'r1', deadlineMs = 10_000): Promise<string> {
	const folder = await tempFolder({
		'run.mjs': `import fs from 'node:fs';\nconst journal = process.argv.at(-1);\n${program}`,
	});
	await launchRun(
		place,
		plan,
		titan,
		id,
		join(folder, 'run.mjs'),
		[join(place.runs, `${id}.jsonl`)],
		deadlineMs,
	);
	return folder;
}

describe('the start of a run', () => {
	it('has a deadline, at which the run is told to end', async () => {
		const place = await tempPlace();
		const mark = join(place.root, 'ended');
		const program = `process.on('SIGTERM', () => { fs.writeFileSync(${JSON.stringify(mark)}, ''); process.exit(); });\nsetInterval(() => {}, 1000);`;
		await expect(launch(program, place, 'r1', 1500)).rejects.toThrow(
			/did not begin within 1.5 s and was told to end; nothing was touched/,
		);
		await until('it ended', () => existsSync(mark));
	});

	it('is a call that is taken, and not one that a person may make in part', async () => {
		const place = await tempPlace();
		const mark = join(place.root, 'arguments');
		await launch(
			`fs.writeFileSync(${JSON.stringify(mark)}, JSON.stringify(process.argv.slice(2, -1))); fs.writeFileSync(journal, '');`,
			place,
		);
		expect(readCall(JSON.parse(readFileSync(mark, 'utf8')))).toMatchObject({
			kind: 'call',
			call: {
				command: 'run',
				words: ['restart'],
				flags: {yes: true, id: 'r1', confirmed: 'key', confirmedLoss: 0},
			},
		});
	});

	it('is there with the journal, whatever the run says from then on', async () => {
		const place = await tempPlace();
		await launch(
			`console.log('x'.repeat(100_000)); console.error('a trace'); fs.writeFileSync(journal, '');`,
			place,
		);
		const log = readFileSync(join(place.root, 'run-r1.log'), 'utf8');
		expect(log).toBe('a trace\n');
	});

	it('says why a run did not begin in its own words, not in those of another one', async () => {
		const place = await tempPlace();
		const [refused, silent] = await Promise.allSettled([
			launch(`console.error('Refused: r1.'); process.exit(1);`, place, 'r1'),
			launch(`process.exit(1);`, place, 'r2'),
		]);
		expect(refused).toMatchObject({reason: {message: 'Refused: r1.'}});
		expect(silent).toMatchObject({reason: {message: expect.stringMatching(/did not say why/)}});
	});

	it('keeps the logs of few runs', async () => {
		const place = await tempPlace();
		for (let index = 0; index < 8; index++) {
			await launch(`fs.writeFileSync(journal, '');`, place, `r${index}`);
		}
		expect(readdirSync(place.root).filter((name) => name.endsWith('.log'))).toHaveLength(6);
	});
});
