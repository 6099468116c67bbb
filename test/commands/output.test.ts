import {spawn, spawnSync} from 'node:child_process';
import {closeSync, copyFileSync, mkdirSync, openSync, readdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';
import {beforeAll, describe, expect, it, onTestFinished, test} from 'vitest';
import {writeAll} from '../../source/commands/output.ts';
import {tempFolder} from '../config/temp.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** jetmedic as a program, made for this test: the unit tests do not need what is in dist/. */
let bin: string;

beforeAll(async () => {
	const folder = join(root, 'node_modules/.cache/jetmedic-output-test', String(process.pid));
	mkdirSync(join(folder, 'bin'), {recursive: true});
	await build({
		absWorkingDir: root,
		entryPoints: ['source/cli.tsx'],
		outdir: join(folder, 'dist'),
		bundle: true,
		splitting: true,
		packages: 'external',
		format: 'esm',
		platform: 'node',
		jsx: 'automatic',
		logLevel: 'error',
	});
	bin = join(folder, 'bin/jetmedic.js');
	copyFileSync(join(root, 'bin/jetmedic.js'), bin);
	return () => rmSync(folder, {recursive: true, force: true});
}, 30_000);

/** An environment in which nothing answers, and whose folders are the test's own. */
async function nothingAnswers(files: Record<string, string> = {}) {
	const home = await tempFolder(files);
	const env = {
		PATH: process.env['PATH'],
		HOME: home,
		XDG_STATE_HOME: join(home, 'state'),
		DOCKER_HOST: `unix://${home}/no.sock`,
		NATS_URL: 'nats://127.0.0.1:1',
	};
	return {home, env};
}

async function start(args: string[], stdout: 'pipe' | number = 'pipe', files: Record<string, string> = {}) {
	const {home, env} = await nothingAnswers(files);
	const {status, ...said} = spawnSync(process.execPath, [bin, ...args], {
		cwd: home,
		env,
		encoding: 'utf8',
		stdio: ['ignore', stdout, 'pipe'],
		timeout: 30_000,
	});
	return {code: status, stdout: said.stdout, stderr: said.stderr, home};
}

describe('a write that fails', {timeout: 40_000}, () => {
	it.each([
		['check', '--json'],
		['check', '--format', 'nagios'],
		['check', '--help'],
		['--help'],
		['--version'],
		['report', '--list', '--json'],
		['run', 'restart', '--yes', '--json', '--read-only'],
		['backup', '--json'],
	])('ends jetmedic %s %s with an error', async (...args) => {
		const full = openSync('/dev/full', 'w');
		onTestFinished(() => closeSync(full));
		const {code, stderr} = await start(args, full);
		expect(code).toBe(args[0] === 'check' ? 3 : 74);
		expect(stderr).toContain('The output could not be written: there is no space left on the device.\n');
	});

	it.each([['check', '--json'], ['--help'], ['report', '--list', '--json']])(
		'ends jetmedic %s %s silently where the reader has gone',
		async (...args) => {
			const {home, env} = await nothingAnswers();
			const child = spawn(process.execPath, [bin, ...args], {
				cwd: home,
				env,
				stdio: ['ignore', 'pipe', 'pipe'],
			});
			child.stdout.destroy();
			let stderr = '';
			child.stderr.on('data', (chunk) => {
				stderr += chunk;
			});
			const code = await new Promise((resolve) => {
				child.once('close', resolve);
			});
			expect(stderr).toBe('');
			expect(code).toBe(args[0] === 'check' ? 3 : 74);
		},
	);
});

describe('the program', {timeout: 40_000}, () => {
	it('tells of what nothing answers for, whole and with where it looked', async () => {
		const {code, stdout} = await start(['check', '--json']);
		const {config, identity, status} = JSON.parse(stdout);
		expect({config, identity}).toEqual({
			config: 'built-in',
			identity: {engine: null, project: 'titan', server: null},
		});
		expect(['critical', 'unknown']).toContain(status);
		expect(code).toBe(status === 'critical' ? 2 : 3);
	});

	it('names the loaded file', async () => {
		const {stdout, home} = await start(['check', '--json'], 'pipe', {'jetmedic.yaml': 'keep: 500\n'});
		expect(JSON.parse(stdout).config).toBe(join(home, 'jetmedic.yaml'));
	});

	it('ends check with 3 where the configuration is wrong, and the others with 78', async () => {
		const files = {'jetmedic.yaml': 'streem: X\n'};
		expect(await start(['check'], 'pipe', files)).toMatchObject({code: 3, stdout: ''});
		expect(await start(['report'], 'pipe', files)).toMatchObject({code: 78});
	});

	it.each([['run', 'restart', '--yes', '--help'], ['backup', '-h'], ['--version']])(
		'leaves no file behind a question: jetmedic %s %s',
		async (...args) => {
			const {code, stderr, home} = await start(args, 'pipe', {'jetmedic.yaml': 'not: [yaml'});
			expect({code, stderr}).toEqual({code: 0, stderr: ''});
			expect(readdirSync(home)).toEqual(['jetmedic.yaml']);
		},
	);
});

test('what one write does not take is written by the next', () => {
	const written: number[] = [];
	writeAll(Buffer.from('0123456789'), (bytes) => {
		written.push(...bytes.subarray(0, 4));
		return Math.min(4, bytes.length);
	});
	expect(Buffer.from(written).toString()).toBe('0123456789');
});
