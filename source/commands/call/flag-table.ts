type FlagSpec = {
	type: 'string' | 'number' | 'boolean';
	/** What its value is called; only where it takes one. */
	value?: string;
	/** A flag of type boolean that is on without it: it is written, and shown, with `no-`. */
	default?: true;
	/** The only values that it takes. */
	choices?: readonly string[];
	about: string;
};

/** Every flag that there is, by its name in camel case. Which command has which is in the table of commands. */
export const flagTable = {
	config: {
		type: 'string',
		value: 'FILE',
		about:
			'the configuration; without it ./jetmedic.yaml, then $XDG_CONFIG_HOME/jetmedic/config.yaml, then the built-in profile "titan"',
	},
	project: {type: 'string', value: 'NAME', about: 'the Compose project'},
	dockerContext: {type: 'string', value: 'NAME', about: 'a context of the Docker CLI'},
	dockerHost: {
		type: 'string',
		value: 'ADDRESS',
		about: 'the Docker engine, as unix:///path or tcp://host:port',
	},
	natsUrl: {type: 'string', value: 'URL', about: 'the NATS server, as nats://host:4222'},
	natsContext: {type: 'string', value: 'NAME', about: 'a context of the NATS CLI'},
	stream: {type: 'string', value: 'NAME', about: 'the stream that the runbooks act on'},
	consumer: {type: 'string', value: 'NAME', about: 'the consumer whose lag is watched'},
	stateDir: {type: 'string', value: 'FOLDER', about: 'the folder of the journal and the backups'},
	readOnly: {type: 'boolean', about: 'nothing can be changed'},
	ascii: {type: 'boolean', about: 'no character beyond ASCII'},
	color: {type: 'boolean', default: true, about: 'no colour, as with NO_COLOR'},
	json: {type: 'boolean', about: 'JSON for a program, one object a line'},
	format: {
		type: 'string',
		value: 'FORMAT',
		choices: ['human', 'json', 'nagios', 'prometheus'],
		about: 'human, json, nagios, or prometheus (a text file for the node exporter)',
	},
	dryRun: {type: 'boolean', about: 'shows the plan and changes nothing'},
	resume: {type: 'boolean', about: 'finishes a run that was killed: starts what it stopped, then verifies'},
	yes: {type: 'boolean', about: 'does not ask; needed without a terminal'},
	backup: {type: 'boolean', default: true, about: 'does not back the stream up before a purge'},
	list: {type: 'boolean', about: 'lists the runs'},
	as: {type: 'string', value: 'NAME', about: 'restores the stream under another name'},
	inert: {type: 'boolean', about: 'without subjects, consumers and age limit: a copy to look at'},
	id: {type: 'string', value: 'ID', about: 'the id of the run'},
	fingerprint: {type: 'string', value: 'HASH', about: 'the configuration that was confirmed'},
	engine: {type: 'string', value: 'ID', about: 'the engine whose incident it is'},
	pins: {type: 'string', value: 'JSON', about: 'the identity of what was confirmed'},
	confirmed: {
		type: 'string',
		value: 'HOW',
		choices: ['key', 'typed'],
		about: 'how the plan was confirmed on the console',
	},
	confirmedLoss: {type: 'number', value: 'MESSAGES', about: 'the loss that was confirmed on the console'},
	since: {type: 'number', value: 'TIME', about: 'when the incident began, in milliseconds since the epoch'},
} as const satisfies Record<string, FlagSpec>;

export type FlagName = keyof typeof flagTable;

type Values = {string: string; number: number; boolean: boolean};

/** What a call gives: the value of each flag, undefined where it is not given and has no default. */
export type Flags = {
	[Name in FlagName]: (typeof flagTable)[Name] extends {default: true}
		? boolean
		: Values[(typeof flagTable)[Name]['type']] | undefined;
};

export const flagNames = Object.keys(flagTable) as FlagName[];

export const specOf = (name: FlagName): FlagSpec => flagTable[name];

/** The flags that say what to watch: every command has them, and passes them to the processes that it starts. */
export const sharedFlags = [
	'config',
	'project',
	'dockerContext',
	'dockerHost',
	'natsUrl',
	'natsContext',
	'stream',
	'consumer',
	'stateDir',
	'readOnly',
] as const satisfies FlagName[];

/** A flag as it is written: `--dry-run`, `--no-backup`. */
export const written = (name: FlagName): string => `--${specOf(name).default ? 'no-' : ''}${kebab(name)}`;

/** The written flag with its value: `--config FILE`. */
export function writtenWhole(name: FlagName): string {
	const {value} = specOf(name);
	return value === undefined ? written(name) : `${written(name)} ${value}`;
}

/** What may be typed for a flag: a default may also be given as it is (`--backup`). */
export const spellings = (name: FlagName): string[] =>
	specOf(name).default ? [written(name), `--${kebab(name)}`] : [written(name)];

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
