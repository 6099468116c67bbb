// `npm run mutants [-- name…] [--quick]`: takes the code of each promise out, one after the other, and looks whether its
// test fails. `--quick` does not look first whether the tests pass without that.
// In a lab of its own, where one is needed; exits 1 where a mutant was not caught.
import {fileURLToPath} from 'node:url';
import {inOwnLab} from '../lab/in-own-lab.ts';
import {judge, seconds, type Verdict} from './judge.ts';
import {needsLab} from './mutant.ts';
import {mutants} from './table.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const args = process.argv.slice(2);
const names = args.filter((arg) => arg !== '--quick');
const unknown = names.filter((name) => !mutants.some((mutant) => mutant.name === name));
const chosen = names.length === 0 ? mutants : mutants.filter(({name}) => names.includes(name));

if (unknown.length > 0) {
	process.stderr.write(`There is no mutant ${unknown.join(', ')}. There are:\n`);
	process.stderr.write(
		mutants.map(({name, without}) => `  ${name.padEnd(24)} without ${without}\n`).join(''),
	);
	process.exitCode = 64;
} else if (process.env['JETMEDIC_LAB_NAME'] === undefined && chosen.some(({test}) => needsLab(test))) {
	process.exitCode = inOwnLab('mutants', fileURLToPath(import.meta.url), args);
} else {
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => process.exit(1));
	}
	const verdicts: Verdict[] = [];
	const root = fileURLToPath(new URL('..', import.meta.url));
	await judge(chosen, {root, isQuick: args.length > names.length}, say, (verdict) => {
		verdicts.push(verdict);
		const {mutant, word, why, ms} = verdict;
		say(
			`${seconds(ms)}  ${word.padEnd(8)}  ${mutant.name}: without ${mutant.without}\n${' '.repeat(20)}${why}`,
		);
	});
	const bad = verdicts.filter(({word}) => word !== 'caught');
	say(`${verdicts.length - bad.length} of ${verdicts.length} mutants were caught.`);
	say(
		bad
			.map(({mutant, word}) => `${word} ${mutant.name} (${mutant.promise})\n`)
			.join('')
			.trimEnd(),
	);
	process.exit(bad.length === 0 ? 0 : 1);
}
