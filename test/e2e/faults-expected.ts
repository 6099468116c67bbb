/** What the console must say of a fault, how soon, and what mends it. */
export type Expected = {
	/** The finding's id, as `jetmedic check --json` gives it; none where nothing is wrong with the deployment. */
	finding?: string;
	/** The finding's own words on the screen. */
	words: string | RegExp;
	/**
	What tells of it: the engine at once, or a poll; else the seconds that it must last (or takes to show) before it is
	a finding by design, so that what comes and goes by itself is none.
	*/
	by: 'event' | 'poll' | number;
	/** The runbook's key that the finding names. Without it a human must do something, and the lab undoes the fault. */
	key?: 'R' | 'P' | 'F' | 'S' | 'C';
	/** The finding is of something that happened: it stays for some minutes after. */
	isNews?: true;
	/** Seconds that the console must have watched before, to know what is usual. */
	watchedFor?: number;
	/** One look of `check` can't see it: it shows only over time. */
	overTime?: true;
};

/** Each fault of the lab on a single server. */
export const expected: Record<string, Expected> = {
	// The server
	'nats-stopped': {finding: 'nats-down', words: 'titan-nats is down', by: 'event', key: 'R'},
	'nats-paused': {finding: 'nats-down', words: 'titan-nats is paused', by: 'event', key: 'R'},
	'nats-killed': {
		finding: 'container-restarted:titan-nats',
		words: /titan-nats (is down|is restarting|was restarted)/,
		by: 'event',
		isNews: true,
		overTime: true,
	},
	'nats-removed': {finding: 'nats-down', words: 'titan-nats is down', by: 'event', key: 'R'},
	// Three seconds without any answer; the restart is offered once its own health check has failed five times, too.
	'nats-hung': {finding: 'nats-unreached', words: 'titan-nats does not answer', by: 4.5, key: 'R'},
	// It is well inside: a restart would mend nothing.
	'nats-packets-dropped': {finding: 'nats-unreached', words: 'titan-nats does not answer', by: 4.5},
	'nats-cut-off': {
		finding: 'container-detached:titan-nats',
		words: 'titan-nats is cut off from its network',
		by: 'event',
		key: 'R',
	},
	'nats-oom': {
		finding: 'container-oom:titan-nats',
		words: 'titan-nats was killed: out of memory',
		by: 'event',
		isNews: true,
		overTime: true,
	},
	'nats-crash-loop': {
		finding: 'container-crash-loop:titan-nats',
		words: 'titan-nats restarts again and again',
		by: 10,
		overTime: true,
	},
	'jetstream-off': {finding: 'jetstream-off', words: 'JetStream is off in titan-nats', by: 'poll'},
	'login-required': {finding: 'nats-auth', words: 'titan-nats refuses these credentials', by: 'poll'},
	'credentials-revoked': {finding: 'nats-auth', words: 'titan-nats refuses these credentials', by: 'poll'},
	'permission-revoked': {
		finding: 'nats-auth',
		words: 'titan-nats does not let this user read JetStream',
		by: 'poll',
	},
	'connections-full': {finding: 'connections', words: 'titan-nats is out of connections', by: 'poll'},
	'slow-consumer': {
		finding: 'slow-consumers',
		words: 'titan-nats cuts off slow consumers',
		by: 'poll',
		isNews: true,
		overTime: true,
	},
	'consumers-many': {finding: 'stop-grace', words: 'titan-nats will be killed on stop', by: 'poll'},
	'port-dead': {
		finding: 'port-dead:titan-nats',
		words: 'titan-nats is not reached at its monitoring port',
		by: 20,
		overTime: true,
	},

	// The engine and the containers
	'engine-stopped': {finding: 'engine-unreachable', words: 'The Docker engine is unreachable', by: 'event'},
	'engine-killed': {finding: 'engine-unreachable', words: 'The Docker engine is unreachable', by: 'event'},
	// It is asked again after ten seconds, and has five to answer.
	'engine-hung': {finding: 'engine-unreachable', words: 'The Docker engine is unreachable', by: 15},
	'brain-down': {finding: 'container-down:titan-brain', words: 'titan-brain is down', by: 'event', key: 'S'},
	'execution-removed': {
		finding: 'container-down:titan-execution',
		words: 'titan-execution is missing',
		by: 'event',
		key: 'S',
	},
	'execution-oom': {
		finding: 'container-oom:titan-execution',
		words: 'titan-execution was killed: out of memory',
		by: 'event',
		isNews: true,
		overTime: true,
	},
	'execution-memory': {
		finding: 'container-memory:titan-execution',
		words: 'titan-execution is nearly out of memory',
		by: 10,
		overTime: true,
	},
	'execution-partitioned': {
		finding: 'container-detached:titan-execution',
		words: 'titan-execution is cut off from its network',
		by: 'event',
		key: 'S',
	},

	// Storage
	'stream-full': {
		finding: 'stream-full:TITAN_INTENTS',
		words: 'TITAN_INTENTS is full',
		by: 'poll',
		key: 'P',
	},
	'stream-filling': {
		finding: 'stream-filling:TITAN_INTENTS',
		words: /TITAN_INTENTS is full in \d+ (s|m) at this rate/,
		by: 35,
		overTime: true,
	},
	'stream-dropping': {
		finding: 'stream-full:TITAN_INTENTS',
		words: 'TITAN_INTENTS is full: 200 of 200 messages',
		by: 'poll',
	},
	// The server says it at once, the disk itself is measured each ten seconds.
	'disk-full': {
		finding: 'nats-unhealthy',
		words: /The disk of titan-nats is full|titan-nats has met a full disk/,
		by: 10,
	},
	'account-full': {
		finding: 'storage:$account',
		words: 'The account is out of JetStream storage',
		by: 5,
	},
	'store-full': {
		finding: 'storage:$server',
		words: /titan-nats is (nearly )?out of JetStream storage/,
		by: 'poll',
	},

	// Streams
	'stream-deleted': {
		finding: 'stream-missing:TITAN_INTENTS',
		words: 'TITAN_INTENTS is missing',
		by: 'event',
		key: 'F',
	},
	'stream-sealed': {finding: 'stream-sealed:TITAN_INTENTS', words: 'TITAN_INTENTS is sealed', by: 'poll'},
	// It works as before; a plan of a purge says that it is denied.
	'purge-denied': {words: 'Nothing is wrong', by: 'poll'},
	'purged-by-hand': {
		finding: 'stream-removed:TITAN_INTENTS',
		words: /[\d,]+ messages of TITAN_INTENTS are gone/,
		by: 'poll',
		isNews: true,
	},
	'meta-sum-deleted': {
		finding: 'nats-unhealthy',
		words: 'TITAN_INTENTS was not recovered by titan-nats',
		by: 'poll',
		key: 'F',
	},
	'blocks-deleted': {
		finding: 'stream-gaps:TITAN_INTENTS',
		words: 'TITAN_INTENTS has gaps',
		by: 'poll',
		isNews: true,
	},
	'msgs-lost': {
		finding: 'stream-began:TITAN_INTENTS',
		words: 'The sequences of TITAN_INTENTS went back',
		by: 'poll',
		isNews: true,
	},
	'publisher-silent': {
		finding: 'stream-silent:TITAN_INTENTS',
		words: 'Nothing is published to TITAN_INTENTS',
		by: 31,
		watchedFor: 65,
		overTime: true,
	},
	// What they copy from is gone, which explains them; they notice it some twenty seconds later.
	'mirror-behind': {
		finding: 'upstream:LAB_MIRROR/LAB_ORIGIN',
		words: 'The mirror LAB_MIRROR is behind LAB_ORIGIN',
		by: 25,
		overTime: true,
		isNews: true,
	},
	'source-behind': {
		finding: 'upstream',
		words: /is behind its source LAB_WEST/,
		by: 25,
		overTime: true,
		isNews: true,
	},
	'hostile-names': {words: 'Nothing is wrong', by: 'poll'},

	// Consumers
	'consumer-stalled': {
		finding: 'consumer-stalled:TITAN_INTENTS/execution-consumer',
		words: 'execution-consumer is stalled',
		by: 3.5,
		key: 'S',
		overTime: true,
	},
	'nobody-pulling': {
		finding: 'consumer-idle:TITAN_INTENTS/execution-consumer',
		words: 'Nobody pulls from execution-consumer',
		by: 18,
		key: 'S',
		overTime: true,
	},
	'consumer-slow': {
		finding: 'consumer-growing:TITAN_INTENTS/execution-consumer',
		words: 'execution-consumer falls behind',
		by: 18,
		overTime: true,
	},
	'consumer-deleted': {
		finding: 'consumer-missing:TITAN_INTENTS/execution-consumer',
		words: 'execution-consumer is missing',
		by: 'event',
		key: 'C',
	},
	'consumer-ahead': {
		finding: 'consumer-ahead:TITAN_INTENTS/execution-consumer',
		words: 'execution-consumer is ahead of TITAN_INTENTS',
		by: 'poll',
		key: 'C',
		overTime: true,
	},
	'consumer-paused': {
		finding: 'consumer-paused:TITAN_INTENTS/execution-consumer',
		words: 'execution-consumer is paused',
		by: 'event',
	},
	'consumer-max-deliveries': {
		finding: 'consumer-max-deliveries',
		words: 'gives messages up',
		by: 'event',
		isNews: true,
		overTime: true,
	},
	'redelivery-storm': {
		finding: 'consumer-redelivery',
		words: 'redelivers again and again',
		by: 11,
		overTime: true,
	},

	// Applications
	'brain-unhealthy': {
		finding: 'health-disagrees:brain',
		words: 'titan-brain is connected to NATS and says it is not',
		by: 18,
		key: 'S',
		overTime: true,
	},
	'execution-lies': {
		finding: 'health-disagrees:execution',
		words: 'titan-execution is not connected to NATS',
		by: 20,
		key: 'S',
		overTime: true,
	},
	'brain-slow': {finding: 'health-slow:brain', words: 'titan-brain answers slowly', by: 5, overTime: true},
	'brain-hangs': {
		finding: 'health-unreachable:brain',
		words: 'titan-brain /health does not answer',
		by: 'poll',
		key: 'S',
	},
	'brain-garbage': {
		finding: 'health-unreachable:brain',
		words: 'titan-brain /health is not understood',
		by: 'poll',
	},
	'brain-huge': {
		finding: 'health-unreachable:brain',
		words: /titan-brain \/health (does not answer|is not understood)/,
		by: 'poll',
	},
	'metrics-down': {
		finding: 'metrics-unreachable:sentinel',
		words: 'titan-sentinel /metrics does not answer',
		by: 'poll',
		key: 'S',
	},
	'metrics-wrong': {
		finding: 'metrics-disagree:sentinel',
		words: 'The metrics of titan-sentinel are wrong',
		by: 16,
		overTime: true,
	},
	'metrics-stale': {
		finding: 'metrics-stale:sentinel',
		words: 'The metrics of titan-sentinel stand still',
		by: 46,
		overTime: true,
	},
	'log-flood': {finding: 'log-flood:titan-brain', words: 'titan-brain floods its log', by: 4, overTime: true},
	// Its lines hold the words that are looked for; all else of them must not get onto the screen.
	'hostile-logs': {
		finding: 'log-signature:titan-brain/timeout',
		words: 'titan-brain logs "timeout"',
		by: 10,
		overTime: true,
	},
};
