import type {Backup, BackupOptions} from '../clients/nats/backup.ts';
import type {PublishPermissions} from '../clients/nats/permissions.ts';
import type {ConsumerInfo, StreamInfo} from '../clients/nats/schema.ts';

export {ErrorCode, JetStreamError, NoAnswerError} from '../clients/nats/api-error.ts';
export type {Backup} from '../clients/nats/backup.ts';
export {toClusterFacts} from '../clients/nats/cluster.ts';
export {markOf, withMark} from '../clients/nats/move-mark.ts';
export {mayPublish, type PublishPermissions} from '../clients/nats/permissions.ts';
export {knowsReset, moveSubjects} from '../clients/nats/recreate.ts';
export {
	type ConsumerInfo,
	type StreamInfo,
	toConsumerFacts,
	toStreamFacts,
} from '../clients/nats/schema.ts';

/**
What a run reads through one connection to a NATS server. The connection does not come back once it is lost. Streams and
consumers are as the JetStream API gives them (https://docs.nats.io/reference/reference-protocols/nats_api_reference).

Every call throws `JetStreamError` when the server refuses (10059 no such stream, 10014 no such consumer), and
`NoAnswerError` when there is no answer: with the reason `timeout` it is not known whether the server acts.
*/
export type JetStream = {
	/** The server's version, as it says when the connection is made. */
	readonly version: string | undefined;
	isClosed(): boolean;
	/** Never throws. */
	close(): Promise<void>;
	/** `$JS.API.INFO`: how many streams the account has. */
	account(timeoutMs?: number): Promise<{streams: number}>;
	/** `$JS.API.STREAM.LIST`, all pages; `missing` names those that no server answers for. */
	streams(timeoutMs?: number, max?: number): Promise<{streams: StreamInfo[]; missing: string[]}>;
	/** `$JS.API.STREAM.INFO.<stream>`. */
	stream(name: string, timeoutMs?: number): Promise<StreamInfo>;
	/** `$JS.API.CONSUMER.LIST.<stream>`, all pages; `missing` names those that no server answers for. */
	consumers(
		stream: string,
		timeoutMs?: number,
		max?: number,
	): Promise<{consumers: ConsumerInfo[]; missing: string[]}>;
	/** `$JS.API.CONSUMER.INFO.<stream>.<consumer>`. */
	consumer(stream: string, name: string, timeoutMs?: number): Promise<ConsumerInfo>;
	/** What these credentials may publish, as the server says; see `readPublishPermissions`. */
	permissions(timeoutMs?: number): Promise<PublishPermissions>;
	/** Writes the stream's snapshot into a new folder and reads it back; see `backupStream`. */
	backup(stream: string, folder: string, options?: BackupOptions): Promise<Backup>;
};

/** The same connection with what changes a stream or a consumer. */
export type JetStreamControl = JetStream & {
	/** The one purge; see `purgeStream`. Answers how many messages the server removed. */
	purge(stream: string, keep: number | 'nothing'): Promise<number>;
	/** `$JS.API.STREAM.CREATE`; adopts the messages that are still on disk. */
	createStream(config: Record<string, unknown>): Promise<void>;
	/** `$JS.API.STREAM.UPDATE`. */
	updateStream(config: Record<string, unknown>): Promise<void>;
	/** `$JS.API.CONSUMER.DURABLE.CREATE`. A consumer that is there already is success. */
	createConsumer(stream: string, config: Record<string, unknown>): Promise<void>;
	/** `$JS.API.CONSUMER.DELETE`. */
	deleteConsumer(stream: string, consumer: string): Promise<void>;
	/** `$JS.API.CONSUMER.RESET` (ADR-60): the next message that it delivers has at least this sequence. */
	resetConsumer(stream: string, consumer: string, nextSeq: number): Promise<void>;
	/** `$JS.API.CONSUMER.PAUSE` (ADR-42): ends a pause; see `resumeConsumer`. */
	resumeConsumer(stream: string, consumer: string): Promise<void>;
};
