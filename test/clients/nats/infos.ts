/** What the server always says of the state of a stream. */
export const emptyState = {messages: 0, bytes: 0, first_seq: 0, last_seq: 0, consumer_count: 0};

/** What the server always says of a consumer. */
export const idleConsumer = {
	config: {},
	delivered: {consumer_seq: 0, stream_seq: 0},
	ack_floor: {consumer_seq: 0, stream_seq: 0},
	num_ack_pending: 0,
	num_redelivered: 0,
	num_waiting: 0,
	num_pending: 0,
};
