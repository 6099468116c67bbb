import type {DockerRequest} from './docker.ts';
import type {NatsRequest} from './nats-parser.ts';

const isDocker = (request: DockerRequest | NatsRequest): request is DockerRequest => 'method' in request;

// Of JetStream's API, what only reads. Anything else, also what is not known here, changes something.
const reading = [
	/^INFO$/,
	/^STREAM\.(NAMES|LIST)$/,
	/^STREAM\.INFO\.[^.]+$/,
	/^STREAM\.MSG\.GET\.[^.]+$/,
	/^DIRECT\.GET\.[^.]+(\..+)?$/,
	/^CONSUMER\.(NAMES|LIST)\.[^.]+$/,
	/^CONSUMER\.INFO\.[^.]+\.[^.]+$/,
];
const api = '$JS.API.';

/**
Those of the requests that change something, or could.

- To Docker: every method but GET and HEAD.
- To NATS: every publish but to the reading part of JetStream's API, the question who one is, and inboxes. A snapshot
  changes nothing that is stored, but takes the server's time: it counts where `snapshots` does not allow it.
*/
export function changing(
	requests: readonly (DockerRequest | NatsRequest)[],
	{snapshots = false} = {},
): (DockerRequest | NatsRequest)[] {
	return requests.filter((request) =>
		isDocker(request)
			? !['GET', 'HEAD'].includes(request.method.toUpperCase())
			: request.verb !== 'SUB' && !readsOnly(request.subject, snapshots),
	);
}

function readsOnly(subject: string, snapshots: boolean): boolean {
	if (subject.startsWith(api)) {
		const call = subject.slice(api.length);
		return reading.some((form) => form.test(call)) || (snapshots && /^STREAM\.SNAPSHOT\.[^.]+$/.test(call));
	}
	return (
		subject === '$SYS.REQ.USER.INFO' ||
		subject.startsWith('_INBOX.') ||
		(snapshots && subject.startsWith('$JS.SNAPSHOT.ACK.'))
	);
}
