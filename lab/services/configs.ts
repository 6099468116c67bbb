import {AckPolicy, type ConsumerConfig, DiscardPolicy, nanos, RetentionPolicy, StorageType} from 'nats';
import {DURABLE, STREAM} from './settings.ts';

/** The stream's limits: full it refuses, as the real one does; an hour of normal traffic is a quarter of it. */
export const streamConfig = (replicas: number, maxBytes = 64 * 1024 * 1024) => ({
	name: STREAM,
	subjects: ['titan.intents.>'],
	storage: StorageType.File,
	retention: RetentionPolicy.Limits,
	discard: DiscardPolicy.New,
	max_bytes: maxBytes,
	max_msgs: -1,
	// keeps a lab that is left up for days from filling by itself
	max_age: nanos(60 * 60 * 1000),
	num_replicas: replicas,
});

/** The durable consumer: a short ack wait, so that a restarted consumer gets its messages again within seconds. */
export const consumerConfig = (): Partial<ConsumerConfig> => ({
	durable_name: DURABLE,
	ack_policy: AckPolicy.Explicit,
	ack_wait: nanos(5000),
	max_ack_pending: 1000,
	max_deliver: -1,
});
