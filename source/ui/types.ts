import type {StoreApi} from 'zustand/vanilla';
import type {Config} from '../config/schema.ts';
import type {Finding, RunbookId} from '../diagnosis/finding.ts';
import type {Plan} from '../runbook/planned.ts';
import type {DeploymentState} from '../state/types.ts';

/** What the screen is drawn from. */
export type Snapshot = {
	state: DeploymentState;
	findings: Finding[];
	/** The time that ages are counted from, milliseconds since the epoch. */
	now: number;
};

/** What the screen can ask for. Only `abort` may throw; that and the promises may reject with a sentence for the operator. */
export type UiActions = {
	/** Reads what a runbook would do now. */
	plan(runbook: RunbookId, options: {backup: boolean}): Promise<Plan>;
	/** Starts a confirmed plan; resolves once the run's process has begun its journal. */
	start(plan: Plan): Promise<void>;
	/** Asks the current run to stop and to put back what it took away. */
	abort(): void;
	/** The services whose logs are shown from now on. */
	followLogs(services: string[]): void;
	/** The stream (`ORDERS`) or consumer (`ORDERS/billing`) that the cursor is on: it is read by its name. */
	select?(id: string | undefined): void;
	/** Puts a text on the operator's clipboard (OSC 52). */
	copy(text: string): void;
	quit(): void;
};

/** How the screen is drawn and what it may do. */
export type UiOptions = {
	ascii: boolean;
	colour: boolean;
	readOnly: boolean;
	config: Config;
	/** Where it looks, and what says so. */
	origin?: Origin;
};

/** The properties of the app. */
export type AppProps = {store: StoreApi<Snapshot>; actions: UiActions; options: UiOptions};

/** The size of the terminal. */
export type Size = {columns: number; rows: number};

/** Where a console looks, and what says so: which file, which engine, and whether something took the file's place. */
export type Origin = {
	/** The path of the configuration, or `built-in`. */
	configuration: string;
	/** The address of the engine: `unix:///var/run/docker.sock`. */
	engine: string;
	/** What names the NATS server in the place of the configuration, such as `NATS_URL`; undefined when nothing does. */
	natsFrom?: string | undefined;
};
