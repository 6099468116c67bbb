import {readInfoLine} from './info-line.ts';

/** What the INFO line of a server says. */
export type Greeting = {offersTls: boolean};

/**
Whether a server at an address speaks: a NATS server sends its INFO line as soon as it is connected to. A hung
one accepts and says nothing, and each attempt of nats.js that times out on it leaves its socket open; a
hundred of them wake together when the server does. So the door is looked at first.

@param server - `host:port`, also with a scheme in front.
@returns What it says of TLS.
@throws an Error whose `code` says why: ECONNREFUSED and the like, or TIMEOUT after `deadlineMs`.
*/
export async function awaitGreeting(server: string, deadlineMs = 2000): Promise<Greeting> {
	const {hostname, port} = new URL(server.includes('://') ? server : `nats://${server}`);
	const line = await readInfoLine(hostname.replace(/^\[|\]$/g, ''), Number(port || 4222), deadlineMs);
	return {offersTls: /"tls_(?:required|available)"\s*:\s*true/.test(line)};
}
