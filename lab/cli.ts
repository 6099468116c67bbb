import {parseArgs} from './args.ts';
import {become} from './become.ts';
import {faultList} from './faults/list.ts';
import {breakFault, labCommand, labDown, labEnv, labStatus, labUp, mend} from './lab.ts';
import {timedProgress} from './progress.ts';
import {LabError} from './run.ts';

async function main(): Promise<void> {
	const {command, options, topology, rest} = parseArgs(process.argv.slice(2));
	const progress = timedProgress();
	switch (command) {
		case 'up':
			return labUp({...options, topology}, progress);
		case 'down':
			return labDown(options, progress);
		case 'mend':
			return mend(options, progress);
		case 'break':
			return breakFault(rest[0] ?? '', options, progress);
		case 'status':
			process.stdout.write(await labStatus(options));
			return;
		case 'env':
			process.stdout.write(exports(await labEnv(options)));
			return;
		case 'faults':
			process.stdout.write(faultList());
			return;
		case 'exec': {
			const {argv, env} = await labCommand(rest, options, progress);
			become(argv, env);
		}
	}
}

/** Shell lines that set the variables; single quotes keep every value as it is. */
function exports(env: Record<string, string>): string {
	return Object.entries(env)
		.map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'\n`)
		.join('');
}

main().then(
	// at once: a connection to a server that hangs would keep the process waiting
	() => process.exit(0),
	(error: unknown) => {
		process.stderr.write(
			`${error instanceof LabError ? error.message : String((error as Error).stack ?? error)}\n`,
		);
		process.exit(1);
	},
);
