/** What a server says of itself, with what only time tells. */
export type VarzState = {
	at: number;
	serverName: string;
	/** A server gives itself another one at each start. */
	serverId?: string;
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
