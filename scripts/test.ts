// `npm test`: types, lint, build, unit tests; then a lab of its own, isolated from every other one on the
// machine, and in it the integration and end-to-end tests. The lab is taken down whatever happens.
import {spawnSync} from 'node:child_process';
import {fileURLToPath} from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs a command with the test run's own input and output. Answers whether it succeeded. */
function run(title: string, command: string, ...args: string[]): boolean {
	process.stdout.write(`\n── ${title}\n`);
	const {status, error} = spawnSync(command, args, {cwd: root, stdio: 'inherit'});
	if (error) {
		process.stderr.write(`${command}: ${error.message}\n`);
	}
	return status === 0;
}

const lab = ['lab/cli.ts'];
const instance = ['--name', 'test', '--isolated'];
const node = process.execPath;

const quick =
	run('types', 'tsc') &&
	run('lint', 'biome', 'check', '--error-on-warnings') &&
	run('build', node, 'scripts/build.ts') &&
	run('unit tests', 'vitest', 'run', '--project', 'unit');
if (!quick) {
	process.exit(1);
}

let passed = false;
try {
	passed =
		run('lab', node, ...lab, 'up', ...instance) &&
		run(
			'integration and end-to-end tests',
			node,
			...lab,
			'exec',
			...instance,
			'--',
			'vitest',
			'run',
			'--project',
			'integration',
			'--project',
			'e2e',
		);
} finally {
	run('taking the lab down', node, ...lab, 'down', ...instance);
}
process.exit(passed ? 0 : 1);
