// `npm run soak -- kills [--times 1000]`: what takes too long for a test. In a lab of its own; exits 1 where something
// was wrong.
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {inOwnLab} from '../lab/in-own-lab.ts';
import {kills} from './kills.ts';

const {values, positionals} = parseArgs({
	options: {times: {type: 'string', default: '1000'}},
	allowPositionals: true,
});
const times = Number(values.times);

if (positionals[0] !== 'kills' || !Number.isSafeInteger(times) || times < 1) {
	process.stderr.write('npm run soak -- kills [--times 1000]\n');
	process.exitCode = 64;
} else if (process.env['JETMEDIC_LAB_NAME'] === undefined) {
	process.exitCode = inOwnLab('soak', fileURLToPath(import.meta.url), process.argv.slice(2));
} else {
	const faults = await kills(times, (text) => process.stdout.write(`${text}\n`));
	process.stdout.write(faults.map((fault) => `FAULT ${fault}\n`).join(''));
	process.exitCode = faults.length > 0 ? 1 : 0;
}
