import {readFileSync} from 'node:fs';
import type {DockerRequest} from './docker.ts';
import type {NatsRequest} from './nats-parser.ts';

/** What jetmedic is used for, as the lists of `docs/needed.json` name it. */
export type Use = 'watch' | 'backup' | 'restart' | 'purge' | 'recover' | 'recreate' | 'service';

/**
The calls that each use makes beside those of watching: `GET /containers/{id}/json`, `$JS.API.STREAM.INFO.{stream}`; `sometimes` are
those that only some faults need.
*/
export type Needed = Record<Use | 'sometimes', {docker: string[]; nats: string[]}>;

export const needed = JSON.parse(
	readFileSync(new URL('../../docs/needed.json', import.meta.url), 'utf8'),
) as Needed;

/** A call to the engine as the lists name it: without its version, its ids and its query. */
export function dockerCall({method, path}: DockerRequest): string {
	const plain = path.replace(/\?.*$/, '').replace(/^\/v[\d.]+(?=\/)/, '');
	const named = plain
		.replace(/^\/containers\/(?!json$|create$)[^/]+/, '/containers/{id}')
		.replace(/^\/images\/(?!json$|create$)[^/]+/, '/images/{id}');
	return `${method.toUpperCase()} ${named}`;
}

/** What a client sends to NATS as the lists name it; subscriptions are marked, and inboxes are one. */
export function natsCall({verb, subject}: NatsRequest, names: {stream: string; consumer: string}): string {
	const named = subject
		.split('.')
		.map((token) => (token === names.stream ? '{stream}' : token === names.consumer ? '{consumer}' : token))
		.join('.')
		.replace(/^_INBOX\..*/, '_INBOX.>')
		.replace(/^(\$JS\.SNAPSHOT\.ACK\.)[^.]+\..*/, '$1{stream}.>');
	return verb === 'SUB' ? `subscribe ${named}` : named;
}
