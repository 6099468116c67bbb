import type {NatsConnection} from '../../clients/nats/connection.ts';
import {connectNats} from '../../clients/nats/connection.ts';
import type {RunContext} from '../context.ts';

/** See `sharedConnection`. */
export type Shared = {get(): Promise<NatsConnection>; close(): Promise<void>};

/** One connection for all checks, made again when it was lost. */
export function sharedConnection({config, env}: RunContext): Shared {
	let open: Promise<NatsConnection> | undefined;
	return {
		async get() {
			const current = open;
			const connection = await current?.catch(() => undefined);
			// Checks run side by side: whoever comes second takes the connection that the first one makes.
			if (open === current && (connection === undefined || connection.isClosed())) {
				open = connectNats(config.nats, env);
			}
			return open!;
		},
		async close() {
			await open?.then((connection) => connection.close()).catch(() => {});
		},
	};
}
