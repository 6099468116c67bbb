import type {FlagName} from './flag-table.ts';

/** What a process ends with besides what its command says: see sysexits(3). */
export type FaultCodes = {
	/** Flags or words that the command does not have. Nothing was done. */
	wrongCall: number;
	/** The configuration cannot be used. Nothing was done. */
	config: number;
	/** A fault of jetmedic itself. */
	fault: number;
	/** The output could not be written, whatever the command did. */
	output: number;
};

const faultCodes: FaultCodes = {wrongCall: 2, config: 78, fault: 70, output: 74};

/** 1 and 2 are "warning" and "critical" to whoever runs `check`: https://nagios-plugins.org/doc/guidelines.html */
const allUnknown: FaultCodes = {wrongCall: 3, config: 3, fault: 3, output: 3};

type Word = {name: string; required: boolean};

type Command = {
	/** What it does, in a few words. */
	summary: string;
	/** What it does, in sentences. */
	about: string;
	/** The words after its name, in their order. */
	words: readonly Word[];
	/** The flags of its own, besides those that say what to watch. */
	flags: readonly FlagName[];
	/** The flags that only another process of jetmedic gives it; a person's call with them is refused. */
	internal?: readonly FlagName[];
	/** A process of jetmedic starts it, and no person. */
	hidden?: true;
	/** What it ends with, besides its faults. */
	exits: Readonly<Record<number, string>>;
	faults: FaultCodes;
	/** Calls, each with what it does. */
	examples: readonly (readonly [call: string, does: string])[];
};

/**
Every command: the help, the parsing and the section of the readme are made from this table.
*/
export const commandTable = {
	watch: {
		summary: 'the console',
		about: 'Shows what is wrong on one screen and runs the runbook of a key. It needs a terminal.',
		words: [],
		flags: ['ascii', 'color'],
		exits: {0: 'the operator quit'},
		faults: faultCodes,
		examples: [
			['jetmedic', 'opens the console'],
			['jetmedic --read-only --config orders.yaml', 'opens a console that changes nothing'],
		],
	},
	check: {
		summary: 'one look: what is wrong now',
		about:
			'Looks once at everything, usually for two seconds, and reports what is wrong. It changes nothing.',
		words: [],
		flags: ['json', 'format'],
		exits: {
			0: 'nothing is wrong',
			1: 'a warning',
			2: 'something is critical',
			3: 'unknown: not everything could be read, the call was wrong, or jetmedic itself failed',
		},
		faults: allUnknown,
		examples: [
			['jetmedic check --json', 'findings, state, identity and the loaded configuration, as one JSON object'],
			['jetmedic check --format nagios', "a plugin's answer with figures"],
		],
	},
	run: {
		summary: 'a runbook without a screen',
		about:
			'Runs restart, purge, recover, recreate, service.NAME (restarts one service) or a runbook of the configuration. It shows the plan and asks first.',
		words: [{name: 'RUNBOOK', required: true}],
		flags: ['dryRun', 'yes', 'json', 'backup', 'resume'],
		internal: ['id', 'fingerprint', 'pins', 'confirmed', 'confirmedLoss'],
		exits: {
			0: 'the run was verified; with --dry-run: it could be run now',
			1: 'it was not verified, was refused, or was not confirmed',
		},
		faults: faultCodes,
		examples: [
			['jetmedic run purge --dry-run', 'shows what a purge would do, and changes nothing'],
			['jetmedic run restart --yes --json', 'restarts the server without asking, one JSON object a line'],
			['jetmedic run --resume', 'finishes a run that was killed'],
		],
	},
	report: {
		summary: 'the incident, or one run, as Markdown',
		about: 'Prints the incident from the records: timeline, evidence, before and after, what was lost.',
		words: [{name: 'RUN', required: false}],
		flags: ['list', 'json'],
		exits: {0: 'printed', 1: 'there is no such run, or no run at all'},
		faults: faultCodes,
		examples: [
			['jetmedic report > incident.md', 'writes the incident to a file'],
			['jetmedic report --list', 'lists the runs, with their ids'],
		],
	},
	backup: {
		summary: 'a checked copy of a stream with its consumers',
		about:
			'Copies a stream with its consumers into a new folder, and reads that copy back. It only reads from NATS, and also works read-only.',
		words: [{name: 'STREAM', required: false}],
		flags: ['json'],
		exits: {0: 'the backup is whole', 1: 'there is no backup'},
		faults: faultCodes,
		examples: [
			['jetmedic backup ORDERS', 'copies the stream ORDERS'],
			['jetmedic backup --json', 'copies the stream of the configuration, one JSON object a line'],
		],
	},
	restore: {
		summary: 'creates the stream of a backup again, never over another',
		about: 'Checks a backup, asks, and creates its stream with its consumers. It never writes over a stream.',
		words: [{name: 'FOLDER', required: true}],
		flags: ['as', 'inert', 'yes', 'json'],
		exits: {0: 'the stream holds everything that the backup holds', 1: 'it does not'},
		faults: faultCodes,
		examples: [
			['jetmedic restore ORDERS-20261123T140000Z', 'asks, then creates ORDERS again'],
			[
				'jetmedic restore ORDERS-20261123T140000Z --as ORDERS_COPY --inert',
				'creates a copy to look at, beside the stream',
			],
		],
	},
	escalate: {
		hidden: true,
		summary: 'waits for an incident and escalates it',
		about:
			'Waits until the incident is due and sends the report once. A console or a run starts it as a process of its own.',
		words: [],
		flags: [],
		internal: ['since', 'engine'],
		exits: {0: 'nothing is left to do', 1: 'somebody could not be reached'},
		faults: faultCodes,
		examples: [
			['jetmedic escalate', 'escalates an incident that nobody else waits for'],
			['jetmedic escalate --config orders.yaml', 'the same for another configuration'],
		],
	},
} as const satisfies Record<string, Command>;

export type CommandName = keyof typeof commandTable;

export const commandNames = Object.keys(commandTable) as CommandName[];

export const commandOf = (name: CommandName): Command => commandTable[name];

/** The commands that a person calls. */
export const shownCommands = commandNames.filter((name) => !commandOf(name).hidden);

/** What a process of no known command ends with. */
export const defaultFaults: FaultCodes = faultCodes;
