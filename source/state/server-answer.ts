/** A server that answers at an address. */
export type Answering = {
	/** `127.0.0.1:4222`. */
	address: string;
	/** Every start of a server makes another one; no two servers have the same. */
	serverId: string;
	serverName: string;
	/** How many addresses the configuration has, if several: any of them may answer. */
	ofAddresses?: number;
};

/** Whether whoever answers at an address is the server in the container. */
export type ServerAnswer = Answering & {
	/** `url` is the address of the client port, `monitor` that of the monitoring port of `service`. */
	port: 'url' | 'monitor';
	/** The service that should answer. */
	service: string;
	is: 'same' | 'other' | 'unknown';
	/** The evidence, as the end of a sentence. */
	why: string;
	/** What to do about another one. */
	advice?: string;
};
