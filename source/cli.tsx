import meow from 'meow';
import {ConfigError} from './config/error.ts';
import {redact} from './text/redact.ts';
import {version} from './text/version.ts';

/** EX_USAGE of sysexits(3). */
const usageError = 64;

// meow ends a wrong call with 2, which is "critical" to whoever runs `check`.
const wrongCall = (code: number): void => {
	if (code === 2) {
		process.exitCode = usageError;
	}
};
process.once('exit', wrongCall);

const cli = meow(
	`
	Usage
	  $ jetmedic [options]                         the console
	  $ jetmedic check [--json]                    one look: exit 0 ok, 1 warning, 2 critical, 3 unknown
	      --format FORMAT  human, json, nagios, or prometheus (a text file for the node exporter)
	  $ jetmedic run restart|purge|recover         the runbook without a screen; or one of the configuration
	      --resume   finishes a run that was killed: starts what it stopped, verifies
	      --dry-run  shows the plan and changes nothing
	      --yes      does not ask; needed without a terminal
	      --json     one JSON object a line
	      --no-backup  does not back the stream up before a purge
	  $ jetmedic report [run]                      the incident (or that run) as Markdown
	      --list     the runs; --json for a program
	  $ jetmedic backup [STREAM] [--json]          a checked copy of a stream with its consumers; read-only too
	  $ jetmedic restore FOLDER [--yes] [--json]   makes the stream of a backup anew; never over another
	      --as NAME  under another name
	      --inert    without subjects, consumers and age limit: a copy to look at

	Options
	  --config FILE          default: ./jetmedic.yaml, then $XDG_CONFIG_HOME/jetmedic/config.yaml,
	                         then the built-in profile "titan"
	  --project NAME         the Compose project
	  --docker-context NAME  --docker-host ADDRESS
	  --nats-url URL         --nats-context NAME
	  --stream NAME          --consumer NAME
	  --state-dir FOLDER     the journal and the backups
	  --read-only            nothing can be changed
	  --ascii                no character beyond ASCII
	  --no-color             as NO_COLOR
`,
	{
		importMeta: import.meta,
		pkg: {name: 'jetmedic', version},
		version,
		allowUnknownFlags: false,
		description: 'Recovery console for NATS JetStream under Docker Compose',
		flags: {
			config: {type: 'string'},
			project: {type: 'string'},
			dockerContext: {type: 'string'},
			dockerHost: {type: 'string'},
			natsUrl: {type: 'string'},
			natsContext: {type: 'string'},
			stream: {type: 'string'},
			consumer: {type: 'string'},
			stateDir: {type: 'string'},
			readOnly: {type: 'boolean'},
			ascii: {type: 'boolean'},
			color: {type: 'boolean', default: true},
			json: {type: 'boolean'},
			format: {type: 'string'},
			dryRun: {type: 'boolean'},
			resume: {type: 'boolean'},
			yes: {type: 'boolean'},
			list: {type: 'boolean'},
			backup: {type: 'boolean', default: true},
			as: {type: 'string'},
			inert: {type: 'boolean'},
			id: {type: 'string'},
			since: {type: 'number'},
			fingerprint: {type: 'string'},
			confirmed: {type: 'string'},
			confirmedLoss: {type: 'number'},
		},
	},
);
process.off('exit', wrongCall);

/** The exit code. */
async function main(): Promise<number> {
	const {flags, input} = cli;
	const [command = 'watch', ...rest] = input;
	const load = async () => {
		const {loadConfig} = await import('./config/load.ts');
		return loadConfig({path: flags.config, cwd: process.cwd(), env: process.env, flags});
	};
	switch (command) {
		case 'watch': {
			if (!process.stdin.isTTY || !process.stdout.isTTY) {
				return usage(
					'The console needs a terminal. Without one use `jetmedic check` or `jetmedic check --json`.',
				);
			}
			const {config} = await load();
			const {watchCommand} = await import('./commands/watch.tsx');
			const colour = flags.color && !process.env['NO_COLOR'];
			return watchCommand(config, {ascii: flags.ascii ?? false, colour, flags: sharedFlags()});
		}
		case 'check': {
			const {checkFormats} = await import('./commands/check-formats/formats.ts');
			const format = flags.format ?? (flags.json ? 'json' : 'human');
			if (!isKeyOf(checkFormats, format)) {
				return usage(
					`There is no format ${JSON.stringify(format)}. Choose one of: ${Object.keys(checkFormats).join(', ')}.`,
				);
			}
			const {config} = await load();
			const {checkCommand} = await import('./commands/check.ts');
			return checkCommand(config, {format});
		}
		case 'run': {
			const {runCommand} = await import('./commands/run.ts');
			const [named, ...more] = rest;
			const runbook = flags.resume ? 'resume' : named;
			if (runbook === undefined || more.length > 0 || (flags.resume && named !== undefined)) {
				return usage(
					'Name a runbook: jetmedic run restart, purge, recover or recreate; jetmedic run --resume finishes one that was killed.',
				);
			}
			const {config} = await load();
			return runCommand(runbook, config, flags, sharedFlags());
		}
		// Started by a console or a run, and not by an operator.
		case 'escalate': {
			const {config} = await load();
			const {escalateCommand} = await import('./commands/escalate.ts');
			return escalateCommand(config, flags.since);
		}
		case 'report': {
			if (rest.length > 1) {
				return usage('Name one run, or none for the incident: jetmedic report [run].');
			}
			const {config} = await load();
			const {reportCommand} = await import('./commands/report.ts');
			return reportCommand(rest[0], config, flags);
		}
		case 'backup': {
			if (rest.length > 1) {
				return usage('Name one stream: jetmedic backup STREAM.');
			}
			const {config} = await load();
			const {backupCommand} = await import('./commands/backup.ts');
			return backupCommand(rest[0], config, flags);
		}
		case 'restore': {
			const [folder] = rest;
			if (folder === undefined || rest.length > 1) {
				return usage('Name the folder of one backup: jetmedic restore FOLDER.');
			}
			const {config} = await load();
			const {restoreCommand} = await import('./commands/restore.ts');
			return restoreCommand(folder, config, flags);
		}
		default:
			return usage(`There is no command ${JSON.stringify(command)}. See jetmedic --help.`);
	}
}

const isKeyOf = <T extends object>(record: T, key: string): key is keyof T & string =>
	Object.hasOwn(record, key);

/** The flags that say what to watch, for the processes that this one starts. */
function sharedFlags(): string[] {
	const {config, project, dockerContext, dockerHost, natsUrl, natsContext, stream, consumer, stateDir} =
		cli.flags;
	const shared = {
		config,
		project,
		dockerContext,
		dockerHost,
		natsUrl,
		natsContext,
		stream,
		consumer,
		stateDir,
	};
	return Object.entries(shared).flatMap(([name, value]) =>
		value === undefined
			? []
			: [`--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}=${value}`],
	);
}

function usage(sentence: string): number {
	process.stderr.write(`${sentence}\n`);
	return usageError;
}

/** Ends the process once all output is out: a socket that is still open must not keep a finished command alive. */
function exit(code: number): void {
	process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}

try {
	exit(await main());
} catch (error) {
	process.stderr.write(
		`${redact(error instanceof ConfigError ? error.message : ((error as Error).stack ?? String(error)))}\n`,
	);
	exit(error instanceof ConfigError ? 78 : 70);
}
