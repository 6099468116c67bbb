import type {Config} from '../../source/config/schema.ts';
import type {RunbookId} from '../../source/diagnosis/finding.ts';
import type {JournalEvent} from '../../source/records/event.ts';
import {runId} from '../../source/records/journal.ts';
import type {ReadContext} from '../../source/runbook/context.ts';
import {execute} from '../../source/runbook/execute.ts';
import type {Pins} from '../../source/runbook/identity/pins.ts';
import {makePlan} from '../../source/runbook/plan.ts';
import {findRunbook} from '../../source/runbook/runbooks.ts';
import type {Process} from './open.ts';
import {Killed} from './port.ts';

/** What became of an operator's command. */
export type Ended =
	| {kind: 'refused'; why: string}
	| {kind: 'ended'; result: string; error?: string; run: string}
	/** Something else than a sentence for the operator came out: a fault. */
	| {kind: 'crashed'; error: Error};

export type Command = {
	runbook: RunbookId;
	backup?: boolean;
	/** Aborted by the operator. */
	signal?: AbortSignal;
};

/** What is told of a run as it begins: what was confirmed. */
export type Confirmation = {
	run: string;
	loss: number | undefined;
	backup: boolean;
	runbook: string;
	ran: string[];
	/** The identity of what was confirmed. */
	pins: Pins;
};

/** An operator plans a runbook, confirms what the plan says, and runs it: `jetmedic run <runbook>`. */
export async function operate(
	{port, deployment, records, lock, unfinished}: Process,
	config: Config,
	{runbook: id, backup = true, signal = new AbortController().signal}: Command,
	onConfirmed: (confirmation: Confirmation) => void,
	onEvent: (event: JournalEvent, run: string) => void = () => {},
): Promise<Ended> {
	const {world} = port;
	try {
		const context: ReadContext = {config, deployment, records, lock, signal};
		const runbook = findRunbook(id, config, await unfinished());
		const at = world.wall();
		const plan = await makePlan(runbook, context, {host: port.host, backup, at});
		port.check();
		if (plan.blockers.length > 0) {
			return refused(plan.blockers.join(' '));
		}
		const run = `${runId(id, world.wall())}-${port.name}`;
		const loss = plan.impact?.unprocessed ?? 0;
		onConfirmed({run, loss, backup, runbook: id, ran: runningNow(world.containers), pins: plan.pins});
		world.tell(
			port.name,
			`confirms ${plan.title}: ${loss} unprocessed go${backup ? '' : ', without a backup'}`,
		);
		const {result, error} = await execute(
			{
				runbook,
				config,
				backup,
				confirmed: {how: plan.confirmation.kind === 'type' ? 'typed' : 'key', loss},
				id: run,
			},
			context,
			plan,
			(event) => onEvent(event, run),
		);
		return {kind: 'ended', result, ...(error !== undefined && {error}), run};
	} catch (error) {
		if (error instanceof Killed) {
			throw error;
		}
		if (error instanceof TypeError || error instanceof ReferenceError) {
			return {kind: 'crashed', error};
		}
		return refused((error as Error).message);
	}

	function refused(why: string): Ended {
		world.tell(port.name, `is refused ${id}: ${why}`);
		return {kind: 'refused', why};
	}
}

const runningNow = (containers: Process['port']['world']['containers']): string[] =>
	containers.filter(({status}) => status === 'running').map(({spec}) => spec.service);
