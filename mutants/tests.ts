import {spawn} from 'node:child_process';
import {readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {projectOf, type Test} from './mutant.ts';

/** How a file of tests ended; `none` where no test came to an end of its own. */
export type Ending =
	| {kind: 'passed'}
	| {kind: 'failed'; test: string; why: string}
	| {kind: 'none'; why: string};

type Report = {
	testResults: {
		message: string;
		assertionResults: {fullName: string; status: string; failureMessages: string[]}[];
	}[];
};

const keptOutput = 2000;
// Longer than the longest file takes; a console that hangs must not hang this.
const deadlineMs = 900_000;

/** Runs tests in a copy of the tree until one fails, each once: a second chance would hide and double what is looked for. */
export async function runTests(folder: string, test: Test): Promise<Ending> {
	const path = join(folder, 'mutants-report.json');
	rmSync(path, {force: true});
	const output = await vitest(folder, [
		...['run', '--project', projectOf(test), test.file],
		...['--retry', '0', '--bail', '1', '--reporter', 'json', '--outputFile', path],
		...(test.name === undefined ? [] : ['--testNamePattern', escaped(test.name)]),
	]);
	let report: Report;
	try {
		report = JSON.parse(readFileSync(path, 'utf8')) as Report;
	} catch {
		return {kind: 'none', why: `vitest made no report: ${output.trim().split('\n').at(-1) ?? ''}`};
	}
	return endingOf(report);
}

/** What a report of vitest says. Pure. */
export function endingOf({testResults}: Report): Ending {
	const all = testResults.flatMap(({assertionResults}) => assertionResults);
	const failed = all.find(({status}) => status === 'failed');
	if (failed) {
		return {kind: 'failed', test: failed.fullName.trim(), why: firstLine(failed.failureMessages[0])};
	}
	const message = testResults.map((one) => one.message).find((text) => text !== '');
	if (message !== undefined) {
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
