import type {ContentReader} from './content.ts';
import {NatsArchive} from './nats-archive.ts';
import {TarArchive} from './tar-archive.ts';

/** The reader for an archive that begins with these bytes: at least eight of them. */
export function readerFor(first: Uint8Array): ContentReader {
	return NatsArchive.begins(first) ? new NatsArchive() : new TarArchive();
}
