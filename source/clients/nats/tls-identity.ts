import {isIP} from 'node:net';
import {checkServerIdentity} from 'node:tls';
import type {TlsOptions} from 'nats';

/**
The TLS options for one address. A server that is named by an IP address must have a certificate for that very address: nats.js
names no server to Node then (`tlsName` is empty, node_transport.js), and Node takes "localhost" for what is not named, so that
every certificate for "localhost" of the same authority would do. (https://nodejs.org/api/tls.html#tlscheckserveridentityhostname-cert)

@param server - `nats://host:port`.
@param offered - Whether the server's greeting says that it speaks TLS: then nats.js begins it, whatever the options are.
*/
export function tlsFor(
	server: string,
	tls: TlsOptions | null | undefined,
	offered: boolean,
): TlsOptions | null | undefined {
	const address = new URL(server).hostname.replace(/^\[|\]$/g, '');
	if (isIP(address) === 0 || (!tls && !offered)) {
		return tls;
	}
	// It is not in the type, and handed to Node as it is.
	const checked = {
		...tls,
		checkServerIdentity: (_name: string, certificate: Parameters<typeof checkServerIdentity>[1]) =>
			checkServerIdentity(address, certificate),
	};
	return checked;
}
