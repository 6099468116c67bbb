import type {JetStream} from '../../deployment/jetstream.ts';
import type {RunContext} from '../context.ts';

/** See `sharedConnection`. */
export type Shared = {get(): Promise<JetStream>; close(): Promise<void>};

/** One connection for all checks, made again when it was lost. */
export function sharedConnection({deployment}: RunContext): Shared {
	let open: Promise<JetStream> | undefined;
	return {
		async get() {
			const current = open;
			const jetstream = await current?.catch(() => undefined);
			// Checks run side by side: whoever comes second takes the connection that the first one makes.
			if (open === current && (jetstream === undefined || jetstream.isClosed())) {
				open = deployment.connect();
			}
			return open!;
		},
		async close() {
			await open?.then((jetstream) => jetstream.close()).catch(() => {});
		},
	};
}
