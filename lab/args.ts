import type {LabOptions} from './place.ts';
import type {Topology} from './project/topology.ts';
import {LabError} from './run.ts';

/** The lab's commands. */
export const COMMANDS = ['up', 'down', 'status', 'env', 'exec', 'break', 'mend', 'faults'] as const;
/** One of the lab's commands. */
export type Command = (typeof COMMANDS)[number];

/** A parsed command line. */
export type Parsed = {command: Command; options: LabOptions; topology?: Topology; rest: string[]};

/** How to call the lab. */
export const USAGE = `npm run lab -- <command> [--name NAME] [--isolated]

  up              start the deployment and wait until it is healthy (heals what is missing)
  down            remove it with its volumes, stop the private engine, keep the cache
  status          engine, containers, stream
  env             shell exports: eval "$(npm run --silent lab -- env)"
  exec -- <cmd>   run a program with the lab's environment, in its network namespace
  break <fault>   make something go wrong
  mend            undo everything that is broken
  faults          the faults there are

  --name NAME     another lab beside the default one (or JETMEDIC_LAB_NAME)
  --isolated      in a network namespace of its own: its ports clash with nothing
  --cluster       for up: three NATS servers; what is there of the other form is removed
  --single        for up: one NATS server again (without either: as it was)
`;

/**
 * Parses the arguments after the program's name. What follows `--` belongs to the program that `exec` runs.
 * @throws LabError saying which argument is wrong
 */
export function parseArgs(argv: readonly string[]): Parsed {
	const split = argv.indexOf('--');
	const own = split < 0 ? argv : argv.slice(0, split);
	const program = split < 0 ? [] : argv.slice(split + 1);
	const options: LabOptions = {};
	const words: string[] = [];
	let topology: Topology | undefined;
	for (let at = 0; at < own.length; at++) {
		const word = own[at] ?? '';
		if (word === '--isolated') options.isolated = true;
		else if (word === '--cluster') topology = 'cluster';
		else if (word === '--single') topology = 'single';
		else if (word === '--name' || word.startsWith('--name=')) {
			const name = word === '--name' ? own[++at] : word.slice('--name='.length);
			if (!name || name.startsWith('-'))
				throw new LabError('--name needs a name after it, for example "--name test".');
			options.name = name;
		} else if (word.startsWith('-')) throw new LabError(`${word} is not an option of the lab.\n\n${USAGE}`);
		else words.push(word);
	}
	const [first, ...rest] = words;
	const command = COMMANDS.find((one) => one === first);
	if (!command) throw new LabError(first ? `"${first}" is not a command of the lab.\n\n${USAGE}` : USAGE);
	if (command === 'exec' && program.length === 0)
		throw new LabError('exec needs a program after "--", for example "exec -- docker ps".');
	if (command !== 'exec' && program.length > 0) throw new LabError(`${command} takes nothing after "--".`);
	if (command === 'break' && rest.length !== 1)
		throw new LabError('break needs the name of one fault: "npm run lab -- faults" lists them.');
	if (command !== 'break' && rest.length > 0) throw new LabError(`${command} takes no "${rest[0]}".`);
	if (topology && command !== 'up') throw new LabError(`${command} takes no --${topology}: only up does.`);
	return {command, options, ...(topology && {topology}), rest: command === 'exec' ? program : rest};
}
