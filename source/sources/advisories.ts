import {parseAdvisory} from '../clients/nats/advisory.ts';
import type {NatsConnection} from '../clients/nats/connection.ts';
import type {Emit} from '../state/observation.ts';

const prefix = '$JS.EVENT.ADVISORY';

/**
The kinds that are listened to. Not API: it echoes every request of everybody, the console's own among them. Not the
negative acknowledgements: a consumer in trouble makes thousands a second.
*/
const advisorySubjects = [
	'STREAM.CREATED.*',
	'STREAM.DELETED.*',
	'STREAM.UPDATED.*',
	'STREAM.LEADER_ELECTED.*',
	'STREAM.QUORUM_LOST.*',
	'CONSUMER.CREATED.*.*',
	'CONSUMER.DELETED.*.*',
	'CONSUMER.PAUSE.*.*',
	'CONSUMER.MAX_DELIVERIES.*.*',
	'CONSUMER.LEADER_ELECTED.*.*',
	'CONSUMER.QUORUM_LOST.*.*',
].map((kind) => `${prefix}.${kind}`);

/** Of more a second nobody could tell them apart, and the next list tells what they did. */
const maxASecond = 100;

/** Consumers that come and go with each request must not make the console list without a pause. */
const changedEveryMs = 500;

/**
Listens to the server's advisories as long as the connection lives; each is told, and the streams are read again at
once. A user who may not listen misses only the seconds until the next look.

@param changed - Something changed that a look at the streams would see.
*/
export function watchAdvisories(connection: NatsConnection, emit: Emit, changed: () => void): void {
	let second = 0;
	let count = 0;
	let changedAt = 0;
	for (const subject of advisorySubjects) {
		connection.subscribe(subject, {
			callback(error, message) {
				if (error) {
					return;
				}
				const now = Date.now();
				count = Math.floor(now / 1000) === second ? count + 1 : 0;
				second = Math.floor(now / 1000);
				if (count >= maxASecond) {
					return;
				}
				const advisory = parseAdvisory(message.subject);
				if (advisory !== undefined) {
					emit({kind: 'advisory', advisory, at: now});
				}
				// Messages that are given up change no figure of the list.
				if (advisory?.kind !== 'max-deliveries' && now - changedAt >= changedEveryMs) {
					changedAt = now;
					changed();
				}
			},
		});
	}
}
