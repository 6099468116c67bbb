import {createInbox, type NatsConnection} from 'nats';

/**
A new inbox under the connection's own prefix: a user may be allowed to subscribe to no other. The library keeps the
prefix where its types do not say.
*/
export function newInbox(connection: NatsConnection): string {
	const {options} = connection as {options?: {inboxPrefix?: string}};
	return createInbox(options?.inboxPrefix);
}
