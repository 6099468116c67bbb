import {spawn} from 'node:child_process';
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import {abortRun} from '../../source/lock/abort-run.ts';
import {type SeenProcess, seeProcess, whyNotRun} from '../../source/lock/run-process.ts';
import {machineId} from '../../source/records/machine.ts';
import {processStart} from '../../source/records/process.ts';
import {hasProc} from '../able.ts';
import {tempFolder} from '../config/temp.ts';
import {until} from '../until.ts';

const run = {
	id: 'r-1',
	runbook: 'restart',
	pid: 4242,
	pidStart: '77',
	machine: 'boot ns',
	user: 'ana',
	host: 'prod-1',
};
const seen: SeenProcess = {
	machine: 'boot ns',
	start: '77',
	argv: ['/usr/bin/node', '/opt/jetmedic/bin/jetmedic.js', 'run', 'restart', '--yes', '--id', 'r-1'],
};
const argv = (...words: string[]): SeenProcess => ({...seen, argv: words});
const launcher = '/opt/jetmedic/bin/jetmedic.js';

describe('whyNotRun', () => {
	it.each([
		['that a console started', seen],
		['with its id in one word', argv('node', '/x/jetmedic', 'run', 'restart', '--id=r-1')],
		['that was typed', argv('node', '/usr/bin/jetmedic', 'run', 'restart', '--yes')],
		[
			'behind flags',
			argv('node', '--max-semi-space-size=4', '/x/jetmedic.js', '--config', 'x', 'run', 'restart'),
		],
		['by its title', argv('jetmedic', 'run', 'restart', '--id=r-1')],
		['on a machine without /proc', {...seen, machine: '', start: ''}],
	])('takes a run %s for it', (_, process) => {
		expect(whyNotRun(run, process, launcher)).toBeUndefined();
	});

	it.each([
		['that is init', {pid: 1}, seen, 'its journal names no process'],
		['that is a group', {pid: -4242}, seen, 'its journal names no process'],
		[
			'of another machine',
			{machine: 'other ns'},
			seen,
			'its journal is from another machine, container or boot',
		],
		['of no machine', {machine: undefined}, seen, 'its journal is from another machine, container or boot'],
		['that started at another time', {pidStart: '78'}, seen, 'process 4242 is now another process'],
		['without its start', {pidStart: ''}, {...seen, start: ''}, 'process 4242 is now another process'],
		[
			'of another program',
			{},
			argv('/usr/sbin/sshd', '-D'),
			'process 4242 is not the run of jetmedic with this id',
		],
		[
			'of a console',
			{},
			argv('node', '/x/jetmedic.js'),
			'process 4242 is not the run of jetmedic with this id',
		],
		['of another run', {id: 'r-2'}, seen, 'process 4242 is not the run of jetmedic with this id'],
		[
			'of another runbook',
			{runbook: 'purge'},
			argv('node', '/x/jetmedic', 'run', 'restart'),
			'process 4242 is not the run of jetmedic with this id',
		],
		[
			'that only has the words',
			{},
			argv('/bin/sh', 'run', 'restart'),
			'process 4242 is not the run of jetmedic with this id',
		],
	])('does not take a process %s for it', (_, claimed, process, why) => {
		expect(whyNotRun({...run, ...claimed}, process, launcher)).toBe(why);
	});
});

describe('abortRun', () => {
	const abort = (
		changes: Partial<typeof run & {remote: true}>,
		process: SeenProcess,
		kill: (pid: number) => void,
	) => abortRun({...run, ...changes}, {see: () => process, kill, launcher});

	it('sends nothing to a process that a journal only claims', () => {
		const sent: number[] = [];
		expect(() => abort({}, {...seen, start: '99'}, (pid) => sent.push(pid))).toThrow(
			'The run was not aborted: process 4242 is now another process, so no signal was sent. Press ctrl-c in the terminal in which ana started it.',
		);
		expect(() => abort({remote: true}, seen, (pid) => sent.push(pid))).toThrow('can only be aborted there');
		abort({}, {...seen, start: '', argv: []}, (pid) => sent.push(pid));
		expect(sent).toEqual([]);
	});

	it('sends it to the run, and says whose it is where that is not allowed', () => {
		const sent: number[] = [];
		abort({}, seen, (pid) => sent.push(pid));
		expect(sent).toEqual([4242]);
		const denied = () => {
			throw Object.assign(new Error('no'), {code: 'EPERM'});
		};
		expect(() => abort({}, seen, denied)).toThrow("This run is ana's, and only ana or root can abort it.");
	});

	it.runIf(hasProc)('lets a process live that is not jetmedic, and ends one that is', async () => {
		const folder = await tempFolder();
		const script = 'setInterval(() => {}, 1000);';
		await writeFile(join(folder, 'jetmedic.js'), script);
		await writeFile(join(folder, 'database.js'), script);
		for (const [name, isEnded] of [
			['database.js', false],
			['jetmedic.js', true],
		] as const) {
			const child = spawn(process.execPath, [join(folder, name), 'run', 'restart', '--id', 'r-1'], {
				stdio: 'ignore',
			});
			onTestFinished(() => void child.kill('SIGKILL'));
			const pid = child.pid!;
			await until('it runs', () => seeProcess(pid).argv.includes('r-1'));
			const claimed = {...run, pid, pidStart: processStart(pid), machine: machineId()};
			if (isEnded) {
				abortRun(claimed);
				await until('it is gone', () => processStart(pid) === '');
			} else {
				expect(() => abortRun(claimed)).toThrow('is not the run of jetmedic with this id');
				expect(processStart(pid)).not.toBe('');
			}
		}
	});
});
