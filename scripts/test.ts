// `npm test`: types, lint, build, unit tests; then a lab of its own, isolated from every other one on the
// machine, and in it the integration and end-to-end tests; then the same with a cluster and its tests. The labs are
// taken down whatever happens.
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
const node = process.execPath;

/** Brings a lab up, runs these test projects in it, and takes it down whatever happens. */
function runOnLab(title: string, name: string, form: string, ...projects: string[]): boolean {
	const instance = ['--name', name, '--isolated'];
	try {
		return (
			run(`lab ${name}`, node, ...lab, 'up', form, ...instance) &&
			run(
				title,
				node,
				...lab,
				'exec',
				...instance,
				'--',
				'vitest',
				'run',
				...projects.flatMap((project) => ['--project', project]),
			)
		);
	} finally {
		run(`taking the lab ${name} down`, node, ...lab, 'down', ...instance);
	}
}

const quick =
	run('types', 'tsc') &&
	run('lint', 'biome', 'check', '--error-on-warnings') &&
	run('build', node, 'scripts/build.ts') &&
	run('unit tests', 'vitest', 'run', '--project', 'unit');
if (!quick) {
	process.exit(1);
}

// A lab is one server or a cluster of three, and two at once are more than a small machine bears.
const passed =
	runOnLab('integration and end-to-end tests', 'test', '--single', 'integration', 'e2e') &&
	runOnLab('tests on a cluster', 'test-cluster', '--cluster', 'cluster');
process.exit(passed ? 0 : 1);
