// `npm run world -- --seed N`: one schedule of the simulated deployment as a story: when, who, which call and what became of it,
// what the world did, the lines of the journals, and which rules were broken. Exits 1 where one was.
import {parseArgs} from 'node:util';
import {playSchedule} from './schedule.ts';
import {storyOf} from './story.ts';

const {values} = parseArgs({options: {seed: {type: 'string'}}});
const seed = Number(values.seed);
if (!Number.isSafeInteger(seed) || seed < 0) {
	process.stderr.write('Name the schedule: npm run world -- --seed 7\n');
	process.exitCode = 64;
} else {
	const {broken, on, calls} = await playSchedule(seed);
	process.stdout.write(
		`${storyOf(on.world)}\n\n${calls} calls, ${on.world.acts.length} acts. ${broken.length === 0 ? 'All rules hold.' : `Broken:\n${broken.join('\n')}`}\n`,
	);
	process.exitCode = broken.length === 0 ? 0 : 1;
}
