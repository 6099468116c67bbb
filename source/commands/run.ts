import {createInterface} from 'node:readline/promises';
import {fingerprint} from '../config/fingerprint.ts';
import type {Config} from '../config/schema.ts';
import type {RunbookId} from '../diagnosis/finding.ts';
import {escalationKeeper} from '../escalation/launch-escalation.ts';
import {LockedError} from '../lock/host-lock.ts';
import type {Confirmed, Impact, JournalEvent} from '../records/event.ts';
import {hideSecrets} from '../records/hide-secrets.ts';
import {identify} from '../records/identity.ts';
import {runId} from '../records/journal.ts';
import {exactSecrets} from '../records/secrets.ts';
import {whoAmI} from '../records/who.ts';
import {execute} from '../runbook/execute.ts';
import {parsePins} from '../runbook/identity/parse-pins.ts';
import {otherThings} from '../runbook/identity/pins.ts';
import {makePlan} from '../runbook/plan.ts';
import type {Plan} from '../runbook/planned.ts';
import {refuseReadOnly} from '../runbook/read-only.ts';
import type {Runbook} from '../runbook/runbook.ts';
import {findRunbook, NoRunbookError, UnknownRunbookError} from '../runbook/runbooks.ts';
import {unfinishedElsewhere, unfinishedRun} from '../sources/unfinished.ts';
import {redact} from '../text/redact.ts';
import {commandTable} from './call/command-table.ts';
import {readContext} from './context.ts';
import {launcherPath} from './launcher.ts';
import {print} from './output.ts';
import {eventText, impactText, planText} from './run-text.ts';
import {runSignal} from './signals.ts';

export type RunFlags = {
	dryRun?: boolean | undefined;
	yes?: boolean | undefined;
	json?: boolean | undefined;
	backup: boolean;
	/** The id that the run gets, from whoever starts it. */
	id?: string | undefined;
	/** The configuration and the loss that were confirmed on the console that starts it. */
	fingerprint?: string | undefined;
	/** The identity of what was confirmed on the console that starts it. */
	pins?: string | undefined;
	confirmed?: string | undefined;
	confirmedLoss?: number | undefined;
};

const identifyMs = 5000;

/**
`jetmedic run <runbook>`: the run itself, in this process, without a screen.

@param shared - The flags that say what to watch, for the process that escalates.
@param source - Where the configuration comes from: see `LoadedConfig`.
@returns The exit code: 2 if there is no such runbook; 0 if the run was verified (or a dry run could be run), else 1.
*/
export async function runCommand(
	id: RunbookId,
	config: Config,
	flags: RunFlags,
	{shared, source}: {shared: readonly string[]; source: string},
): Promise<number> {
	const say = (text: string): void => print(`${text}\n`);
	const secrets = await exactSecrets(config, process.env);
	const refuse = (reason: string, code = 1): number => {
		const error = redact(reason, secrets);
		if (flags.json) {
			say(JSON.stringify({event: 'finished', result: 'failed', checks: [], error, at: Date.now()}));
		}
		process.stderr.write(`${error}\n`);
		return code;
	};
	if (!flags.dryRun) {
		try {
			refuseReadOnly(config, 'no runbook is run');
		} catch (error) {
			return refuse((error as Error).message);
		}
	}
	if (flags.fingerprint !== undefined && flags.fingerprint !== fingerprint(config)) {
		return refuse(
			'Nothing was done: the configuration has changed since this console read it. Start the console anew.',
		);
	}
	const asks = !flags.yes && !flags.dryRun;
	if (asks && !(process.stdin.isTTY && process.stdout.isTTY)) {
		return refuse('Nothing was done: without a terminal to confirm on, `jetmedic run` needs --yes.');
	}
	const signal = runSignal();
	const context = readContext(config, process.env, signal);
	await identify(context, identifyMs);
	let runbook: Runbook;
	try {
		runbook = findRunbook(id, config, await unfinishedRun(context));
	} catch (error) {
		const isWrongCall = error instanceof UnknownRunbookError;
		const elsewhere = error instanceof NoRunbookError ? unfinishedElsewhere(context.place) : undefined;
		return refuse(
			[(error as Error).message, elsewhere].filter(Boolean).join(' '),
			isWrongCall ? commandTable.run.faults.wrongCall : 1,
		);
	}
	context.onIncident = escalationKeeper({
		place: context.place,
		config,
		launcher: launcherPath(),
		flags: shared,
	});
	const plan = await makePlan(runbook, context, {
		host: whoAmI().host,
		backup: flags.backup,
		at: Date.now(),
	});
	try {
		const others = flags.pins === undefined ? [] : otherThings(parsePins(flags.pins), plan.pins);
		if (others.length > 0) {
			return refuse(`Nothing was done. ${others.join(' ')} Look at the plan again.`);
		}
	} catch (error) {
		return refuse((error as Error).message);
	}
	const shown = hideSecrets(plan, secrets);
	const {engine, server} = context.deployment;
	const planned = async (): Promise<string> =>
		planText(shown, {configuration: source, engine: engine.address, nats: await server.address()});
	if (flags.dryRun) {
		say(flags.json ? JSON.stringify({event: 'plan', ...shown}) : await planned());
		return plan.blockers.length === 0 ? 0 : 1;
	}
	if (asks) {
		say(await planned());
		if (plan.blockers.length > 0) {
			return refuse('Nothing was done.');
		}
		if (!(await isConfirmed(plan, signal))) {
			return refuse('Not confirmed; everything was left as it is.');
		}
	}
	const tell = (event: JournalEvent): void => {
		const text = flags.json ? JSON.stringify(event) : eventText(event);
		if (text !== undefined) {
			say(text);
		}
	};
	try {
		const run = flags.id ?? runId(id, Date.now());
		const {result} = await execute(
			{
				runbook,
				config,
				backup: flags.backup,
				confirmed: confirmedBy(flags, plan, asks),
				confirmAgain: asks ? isConfirmedAgain : undefined,
				id: run,
			},
			context,
			plan,
			tell,
		);
		return result === 'verified' ? 0 : 1;
	} catch (error) {
		return refuse(
			error instanceof LockedError ? error.message : `Nothing was done: ${(error as Error).message}`,
		);
	}
}

/** How this run was confirmed: on the console that starts it, here, or by `--yes`, which looked at nothing and accepts what goes. */
function confirmedBy({confirmed, confirmedLoss}: RunFlags, plan: Plan, asks: boolean): Confirmed {
	const how = plan.confirmation.kind === 'type' ? 'typed' : 'key';
	if (asks) {
		return {how, loss: plan.impact?.unprocessed ?? 0};
	}
	return confirmed === 'key' || confirmed === 'typed'
		? {how: confirmed, loss: confirmedLoss ?? 0}
		: {how: '--yes'};
}

const isConfirmed = ({confirmation}: Plan, signal: AbortSignal): Promise<boolean> =>
	isTyped(confirmation.kind === 'type' ? confirmation.text : confirmation.key, 'to start', signal);

// Services may stand still meanwhile: who does not answer in two minutes does not confirm.
const answerMs = 120_000;

function isConfirmedAgain(impact: Impact, signal: AbortSignal): Promise<boolean> {
	print(`More would go than was confirmed.\n${impactText(impact).join('\n')}\n`);
	return isTyped(impact.stream, 'to purge it', AbortSignal.any([signal, AbortSignal.timeout(answerMs)]));
}

async function isTyped(wanted: string, what: string, signal: AbortSignal): Promise<boolean> {
	const reader = createInterface({input: process.stdin, output: process.stdout});
	try {
		return (await reader.question(`Type ${wanted} and press enter ${what}: `, {signal})) === wanted;
	} catch {
		return false;
	} finally {
		reader.close();
	}
}
