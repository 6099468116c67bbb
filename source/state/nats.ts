import type {Conflict, NodeState} from './cluster.ts';
import type {DiskState, JszState, VarzState} from './server.ts';
import type {ServerAnswer} from './server-answer.ts';
import type {StorePlace} from './store-place.ts';

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
	server?: {
		/** `server_id`: another one after each start of a server. */
		id?: string;
		name: string;
		/** The name of its cluster. */
		cluster?: string;
		version: string;
		clientId: number;
		maxPayloadBytes: number;
	};
	/** Whether those that answer are the servers in the containers; undefined while it is not known. */
	identity?: {at: number; answers: ServerAnswer[]};
	/** GET /healthz of the monitoring port. */
	healthz?: {
		at: number;
		/** `booting`: answers, but is not ready for connections yet. Never restart such a server. */
		status: 'ok' | 'booting' | 'unavailable' | 'unreachable';
		/** Somebody answers at the address, and what it says is no answer of /healthz. */
		answers?: true;
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
	/** Where each server keeps its streams, by Compose service. */
	stores?: Record<string, StorePlace>;
	/** The servers of a cluster by Compose service; undefined where none is configured. */
	nodes?: Record<string, NodeState>;
	/** What the nodes tell differently, by kind and subject. */
	conflicts?: Record<string, Conflict>;
	/** Streams that are there and that no server answers for, by name, and since when. */
	unanswered?: Record<string, number>;
};
