// What takes too long for a test, in a lab of its own; exits 1 where something was wrong.
//   npm run soak -- kills [--times 1000]   runs killed at random moments
//   npm run soak -- calm [--minutes 60]    a healthy lab under bursts, which must raise nothing
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {inOwnLab} from '../lab/in-own-lab.ts';
import {writeSection} from '../scripts/doc-section.ts';
import {calm, sentence} from './calm.ts';
import {kills} from './kills.ts';

const say = (text: string): void => {
	process.stdout.write(`${text}\n`);
};

const {values, positionals} = parseArgs({
	options: {times: {type: 'string', default: '1000'}, minutes: {type: 'string', default: '60'}},
	allowPositionals: true,
});
const times = Number(values.times);
const minutes = Number(values.minutes);
const [what = ''] = positionals;

if (!['kills', 'calm'].includes(what) || !(times >= 1) || !Number.isSafeInteger(times) || !(minutes > 0)) {
	process.stderr.write('npm run soak -- kills [--times 1000]\nnpm run soak -- calm [--minutes 60]\n');
	process.exitCode = 64;
} else if (process.env['JETMEDIC_LAB_NAME'] === undefined) {
	process.exitCode = inOwnLab(`soak-${what}`, fileURLToPath(import.meta.url), process.argv.slice(2));
} else if (what === 'kills') {
	const faults = await kills(times, say);
	process.stdout.write(faults.map((fault) => `FAULT ${fault}\n`).join(''));
	process.exitCode = faults.length > 0 ? 1 : 0;
} else {
	const done = await calm(minutes, say);
	const path = fileURLToPath(new URL('../docs/faults.md', import.meta.url));
	const day = new Date().toISOString().slice(0, 10);
	writeSection(path, 'calm', `${minutes} minutes on the healthy lab (${day}): ${sentence(done)}.`);
	process.exitCode = done.alarms.length > 0 ? 1 : 0;
}
