import type {Conflict, NodeState} from './cluster.ts';

/** What a server says of itself, with what only time tells. */
export type VarzState = {
	at: number;
	serverName: string;
	version: string;
	startedAt: number;
	connections: number;
	maxConnections: number;
	/** Clients cut off because they read too slowly, since the server's start. */
	slowConsumers: number;
	/** When that number last rose as this console saw it, and by how many. */
	slowConsumersRose?: {at: number; by: number};
	cpuPercent: number;
	memoryBytes: number;
	inMessagesPerSecond?: number;
	outMessagesPerSecond?: number;
	inMessages: number;
	outMessages: number;
};

/** A server's own view of JetStream. */
export type JszState = {
	at: number;
	enabled: boolean;
	streams: number;
	consumers: number;
	messages: number;
	/** Bytes of file storage in use and its limit (`max_file_store`); a limit of 0 or less is none. */
	storageBytes: number;
	maxStorageBytes: number;
	memoryBytes: number;
	maxMemoryBytes: number;
	apiErrors: number;
	/** Bytes of file storage that streams have reserved (`max_bytes` of each); undefined where the server does not say. */
	reservedBytes?: number;
};

/** The disk under a server's store, bytes. */
export type DiskState = {at: number; freeBytes: number; totalBytes: number};

export type NatsState = {
	connection: {
		status: 'connecting' | 'connected' | 'disconnected' | 'refused';
		since: number;
		/** Without user or password. */
		url: string;
		rttMs?: number;
		rttAt?: number;
		reconnects: number;
		error?: string;
	};
	/** `INFO` that the server sent when the client connected. */
	server?: {name: string; version: string; clientId: number; maxPayloadBytes: number};
	/** GET /healthz of the monitoring port. */
	healthz?: {
		at: number;
		/** `booting`: answers, but is not ready for connections yet. Never restart such a server. */
		status: 'ok' | 'booting' | 'unavailable' | 'unreachable';
		error?: string;
		elapsedMs: number;
		since: number;
	};
	/** GET /varz. */
	varz?: VarzState;
	/** GET /jsz. */
	jsz?: JszState;
	/** GET /connz: who is connected. Undefined where there are more than the console reads. */
	connz?: {
		at: number;
		/** The addresses that this console has seen one from, at most a thousand. */
		seen: string[];
		/** Connections by the address that they come from. */
		byAddress: Record<string, number>;
	};
	/** The disk under the server's store, where the console can see it. */
	disk?: DiskState;
	/** `$JS.API.INFO` of the account that the console uses. -1 means unlimited. */
	account?: {
		at: number;
		storageBytes: number;
		maxStorageBytes: number;
		memoryBytes: number;
		maxMemoryBytes: number;
		streams: number;
		maxStreams: number;
		consumers: number;
		maxConsumers: number;
	};
	/** The servers of a cluster by Compose service; undefined where none is configured. */
	nodes?: Record<string, NodeState>;
	/** What the nodes tell differently, by kind and subject. */
	conflicts?: Record<string, Conflict>;
	/** Streams that are there and that no server answers for, by name, and since when. */
	unanswered?: Record<string, number>;
};
