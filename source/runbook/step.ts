import {nodeServices} from '../config/nodes.ts';
import type {Action, Services, StepSpec, stepShape} from '../config/runbook-schema.ts';
import type {Config} from '../config/schema.ts';
import type {Composition} from '../deployment/deployment.ts';
import type {ContainerFacts} from '../state/observation.ts';
import type {RunContext} from './context.ts';
import type {StepNeeds} from './needs.ts';

/** What a step's words depend on before it runs. */
export type PlanFacts = {
	config: Config;
	/** The project's services as they were seen, the server's included. */
	services: string[];
	/** Their containers as they were seen; undefined where nobody looked. */
	containers?: readonly ContainerFacts[];
	/** What the runbook stops, as its data names it. */
	stops?: readonly string[];
	/** NATS servers of the project that the configuration does not name: none is ever stopped as a client. */
	otherServers?: string[];
	/** Services that do not use NATS, as the server's connections show. */
	others?: string[];
	/** What is to be said of connections that come from no container of the project. */
	outside?: string[];
	/** Those whose container Compose must make, and make anew, because it is gone, or cut off from its network. */
	toMake: {
		missing: string[];
		detached: string[];
		/** The command that makes some of them, as it is executed; undefined where nothing must be made, or nothing says of what. */
		command?: Composition['command'] | undefined;
	};
	/** Where the backup would go. */
	backupFolder: string;
};

/** One action of a runbook. */
export type Step = {
	/** Its name within a runbook: `restart`, and `restart-2` where there is one already. */
	id: string;
	/** A backup can be declined; nothing else can. */
	declinable?: boolean;
	title(facts: PlanFacts): string;
	/** What it will do, in words. */
	describe(facts: PlanFacts): string;
	/** The equivalent shell command, where there is one. */
	command?(facts: PlanFacts): string | undefined;
	/**
	Does it.

	@returns What it did, in words; `{skipped}` where there was nothing to do; `{unproved}` where it ended and what it
	was to prove does not hold.
	@throws StepError, or whatever a client throws; the run then fails, and starts again what it stopped.
	*/
	run(context: RunContext, facts: PlanFacts): Promise<string | {skipped: string} | {unproved: string}>;
};

/** What a runbook can be written with: a step's key, what may follow it, what that needs, and the step that it becomes. */
export type StepKind<K extends Action = Action> = {
	key: K;
	/** Its part of the schema of a runbook (config/runbook-schema.ts). */
	schema: (typeof stepShape)[K];
	needs(value: Value<K>, config: Config): StepNeeds;
	make(value: Value<K>, given: Given): Step;
};

type Value<K extends Action> = NonNullable<StepSpec[K]>;

/** What a step is made with besides its own words. */
export type Given = {
	/** Its deadline, where the runbook gives one. */
	withinMs: number | undefined;
	/** A later step can bring the stream back. */
	bringsBackLater: boolean;
};

/** The words of a step about services, as a list. */
export const listed = (services: Services): string[] => [services].flat();

/** Services of a project that recovery stops and starts: those that use NATS; all but the servers when nobody can say. */
function clientServices({services, otherServers = [], others = [], config}: PlanFacts): string[] {
	const left = new Set([...nodeServices(config), ...otherServers, ...others]);
	return services.filter((service) => !left.has(service));
}

/** The services that a step names: `server` (all of a cluster), `clients` (all but the servers), `all`, one, or a list. */
export function servicesOf(named: Services, facts: PlanFacts): string[] {
	switch (named) {
		case 'server':
			return nodeServices(facts.config);
		case 'clients':
			return clientServices(facts);
		case 'all':
			return facts.services;
		default:
			return [...new Set([named].flat())];
	}
}

/** Waits of a run, in milliseconds. A server that was killed in a purge boots for up to 102 s (docs/facts.md). */
export const deadlines = {server: 300_000, services: 60_000, verify: 30_000} as const;
