import type {DockerClient} from '../clients/docker/client.ts';
import type {DockerControl} from '../clients/docker/control.ts';
import type {NatsConnection} from '../clients/nats/connection.ts';
import {connectNats} from '../clients/nats/connection.ts';
import type {Config} from '../config/schema.ts';
import type {ConfirmAgain, Confirmed, JournalEvent} from '../records/event.ts';
import type {Place} from '../records/place.ts';

/** What can be read of a deployment: enough for a plan, not enough to change anything. */
export type ReadContext = {
	config: Config;
	env: NodeJS.ProcessEnv;
	place: Place;
	docker: DockerClient;
	signal: AbortSignal;
	/** Called by a run once the incident's clock runs, so that somebody sees to its escalation. */
	onIncident?(): void;
};

/** What a step works with. Only an executing run has one. */
export type RunContext = ReadContext & {
	control: DockerControl;
	backup: boolean;
	confirmed: Confirmed;
	confirmAgain?: ConfirmAgain | undefined;
	/** Awaited before each stop, restart and purge, and before a command of the operator's. @throws where the deployment is no longer this run's. */
	confirmLock(): Promise<void>;
	/** Says how far the step is; shown live. */
	progress(text: string, fraction?: number): void;
	write(event: JournalEvent): void;
	/** What steps leave for later ones. */
	memory: {
		/** Services that the run stopped. */
		stopped?: Set<string>;
		/** The stream was given back with its messages, so there is nothing to back up or to purge. */
		readopted?: boolean;
		backup?: {folder: string; lastSeq: number};
		purge?: {
			keep: number | 'nothing';
			firstSeq: number;
			lastSeqBefore: number;
			lastSeqAfter: number;
			messagesAfter: number;
			removed: number;
		};
	};
};

/** Connects, does `work`, and closes, whatever happens. A connection of its own outlives no restart of the server. */
export async function withNats<T>(
	{config, env}: Pick<ReadContext, 'config' | 'env'>,
	work: (connection: NatsConnection) => Promise<T>,
): Promise<T> {
	const connection = await connectNats(config.nats, env);
	try {
		return await work(connection);
	} finally {
		await connection.close().catch(() => {});
	}
}
