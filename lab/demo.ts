/** `npm run demo`: the lab, and jetmedic looking at it. Without a terminal: `jetmedic check`, with its exit code. */
import {join} from 'node:path';
import {become} from './become.ts';
import {labEnv, labUp} from './lab.ts';
import {ROOT} from './place.ts';
import {timedProgress} from './progress.ts';
import {LabError} from './run.ts';

const jetmedic = [process.execPath, join(ROOT, 'bin', 'jetmedic.js')];

try {
	await labUp({}, timedProgress());
	const extra = process.argv.slice(2);
	become([...jetmedic, ...(process.stdout.isTTY ? [] : ['check']), ...extra], await labEnv());
} catch (error) {
	process.stderr.write(
		`${error instanceof LabError ? error.message : String((error as Error).stack ?? error)}\n`,
	);
	process.exitCode = 1;
}
