import {spawn} from 'node:child_process';
import {readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {projectOf, type Test} from './mutant.ts';

/** How a file of tests ended; `none` where no test came to an end of its own. */
export type Ending =
	| {kind: 'passed'}
	| {kind: 'failed'; test: string; why: string}
	| {kind: 'none'; why: string};

/** What vitest writes, as far as it is read here. */
export type Report = {
	testResults: {
		message: string;
		assertionResults: {fullName: string; status: string; failureMessages: string[]}[];
	}[];
};

const keptOutput = 2000;
// Longer than the longest file takes; a console that hangs must not hang this.
const deadlineMs = 900_000;

/**
Runs tests of one file in a copy of the tree.

@param once - Until one fails, each once: a second chance would hide and double what is looked for.
@returns What vitest reports, or why it did not.
*/
export async function runTests(
	folder: string,
	tests: [Test, ...Test[]],
	once: boolean,
): Promise<Report | string> {
	const path = join(folder, 'mutants-report.json');
	rmSync(path, {force: true});
	const names = tests.map(({name}) => name);
	const output = await vitest(folder, [
		...['run', '--project', projectOf(tests[0]), tests[0].file, '--reporter', 'json', '--outputFile', path],
		...(once ? ['--retry', '0', '--bail', '1'] : []),
		...(names.includes(undefined)
			? []
			: ['--testNamePattern', names.map((name) => escaped(name ?? '')).join('|')]),
	]);
	try {
		return JSON.parse(readFileSync(path, 'utf8')) as Report;
	} catch {
		return `vitest made no report: ${output.trim().split('\n').at(-1) ?? ''}`;
	}
}

/** How the tests of a part of a name ended, by a report. Pure. */
export function endingOf(report: Report | string, name = ''): Ending {
	if (typeof report === 'string') {
		return {kind: 'none', why: report};
	}
	const {testResults} = report;
	const all = testResults
		.flatMap(({assertionResults}) => assertionResults)
		.filter(({fullName}) => fullName.includes(name));
	const failed = all.find(({status}) => status === 'failed');
	if (failed) {
		return {kind: 'failed', test: failed.fullName.trim(), why: firstLine(failed.failureMessages[0])};
	}
	const message = testResults.map((one) => one.message).find((text) => text !== '');
	if (message !== undefined && !all.some(({status}) => status === 'passed')) {
		return {kind: 'none', why: firstLine(message)};
	}
	return all.some(({status}) => status === 'passed')
		? {kind: 'passed'}
		: {kind: 'none', why: 'no test of that name ran; some need Linux and root'};
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const firstLine = (text = ''): string => text.split('\n')[0]!.slice(0, 200);

/** Answers the end of what it printed. */
async function vitest(folder: string, args: string[]): Promise<string> {
	const program = join(folder, 'node_modules/vitest/vitest.mjs');
	const child = spawn(process.execPath, [program, ...args], {
		cwd: folder,
		stdio: ['ignore', 'pipe', 'pipe'],
		timeout: deadlineMs,
		killSignal: 'SIGKILL',
	});
	let output = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (text: string) => {
			output = (output + text).slice(-keptOutput);
		});
	}
	await new Promise<void>((resolve, reject) => {
		child.once('error', reject);
		// Not "close": what a test left running may hold the output open.
		child.once('exit', () => resolve());
	});
	return output;
}
