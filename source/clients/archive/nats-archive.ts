import * as z from 'zod';
import type {ArchiveContent, ArchivedConsumer, ContentReader, InertParts} from './content.ts';
import {DamageError} from './damage.ts';

/** What an archive of this layout begins with. */
export const magic = Buffer.from('NATSARC1');
const maxName = 1 << 20;
// Five numbers of at most ten bytes, then the name.
const maxHead = 50 + maxName;
// A consumer's state lists its pending messages one by one.
const maxJson = 64 << 20;
const maxConsumers = 100_000;
const consumerSchema = z.object({
	config: z.object({name: z.string().optional(), deliver_subject: z.string().optional()}),
});

/**
The layout of a snapshot from nats-server 2.15 on: `NATSARC1`, then entries, each a head (length of the name,
timestamp, sequence, length of the headers, length of the payload, as varints; the name) and its bytes. First
`state.json`, then `consumers/<name>`, then the messages by their sequences, then an entry that is all zeros.
(nats-server, server/archive/archive.go and server/stream_backup.go)
*/
export class NatsArchive implements ContentReader {
	#head = Buffer.alloc(0);
	#seenMagic = false;
	#seenState = false;
	/** Bytes of the current entry that are still to come. */
	#left = 0;
	#json: {name: string; parts: Buffer[]} | undefined;
	#messages = 0;
	#lastSeq = 0;
	#consumers: ArchivedConsumer[] = [];
	#ended = false;
	#state = '';
	#inert: InertParts | undefined;

	static begins(first: Uint8Array): boolean {
		return magic.equals(first.subarray(0, magic.length));
	}

	push(bytes: Uint8Array, endAt: number): void {
		let at = 0;
		while (at < bytes.length) {
			if (this.#ended) {
				throw new DamageError('something follows its end');
			}
			if (this.#left > 0) {
				const taken = Math.min(this.#left, bytes.length - at);
				this.#json?.parts.push(Buffer.from(bytes.subarray(at, at + taken)));
				this.#left -= taken;
				at += taken;
				this.#closeEntry();
				continue;
			}
			// An entry's head seldom crosses two blocks: only then it is put together.
			const kept = this.#head.length;
			const head = kept === 0 ? bytes.subarray(at) : Buffer.concat([this.#head, bytes.subarray(at)]);
			const used = this.#seenMagic ? this.#openEntry(head) : this.#readMagic(head);
			if (used === undefined) {
				this.#head = Buffer.from(head);
				if (this.#head.length > maxHead) {
					throw new DamageError('an entry of it has no head');
				}
				return;
			}
			this.#head = Buffer.alloc(0);
			if (this.#inert === undefined && (this.#messages > 0 || this.#ended)) {
				this.#inert = {state: this.#state, first: Buffer.from(head), restAt: endAt};
			}
			at += used - kept;
		}
	}

	end(): ArchiveContent {
		if (!this.#ended) {
			throw new DamageError('its end is not there: it was cut');
		}
		return {
			layout: 'archive',
			messages: this.#messages,
			consumers: this.#consumers,
			inert: this.#inert,
		};
	}

	#readMagic(bytes: Uint8Array): number | undefined {
		this.#seenMagic = bytes.length >= magic.length;
		return this.#seenMagic ? magic.length : undefined;
	}

	/** @returns How many bytes the head takes; undefined where it is not whole yet. */
	#openEntry(bytes: Uint8Array): number | undefined {
		let at = 0;
		const number = (): number => {
			let value = 0;
			for (let index = 0; index < 10; index++) {
				const byte = bytes[at++];
				if (byte === undefined) {
					return Number.NaN;
				}
				value += (byte & 127) * 2 ** (7 * index);
				if (byte < 128) {
					return value;
				}
			}
			throw new DamageError('an entry of it has no head');
		};
		const nameLength = number();
		const timestamp = number();
		const sequence = number();
		const size = number() + number();
		if (nameLength > maxName || size > Number.MAX_SAFE_INTEGER) {
			throw new DamageError('an entry of it has a length that can not be');
		}
		if (Number.isNaN(size) || at + nameLength > bytes.length) {
			return undefined;
		}
		const name = Buffer.from(bytes.buffer, bytes.byteOffset + at, nameLength);
		if (sequence > 0) {
			if (sequence <= this.#lastSeq || !this.#seenState) {
				throw new DamageError('its messages are not in their order');
			}
			this.#lastSeq = sequence;
			this.#messages++;
		} else if (nameLength === 0 && timestamp === 0 && size === 0) {
			this.#ended = true;
		} else {
			this.#openJson(name.toString('utf8'), size);
		}
		this.#left = size;
		this.#closeEntry();
		return at + nameLength;
	}

	#openJson(name: string, size: number): void {
		if (size > maxJson || (this.#seenState ? !name.startsWith('consumers/') : name !== 'state.json')) {
			throw new DamageError('an entry of it is of no known kind');
		}
		this.#seenState = true;
		this.#json = {name, parts: []};
	}

	#closeEntry(): void {
		if (this.#left > 0 || this.#json === undefined) {
			return;
		}
		const {name, parts} = this.#json;
		this.#json = undefined;
		const text = Buffer.concat(parts).toString('utf8');
		if (name === 'state.json') {
			this.#state = text;
			return;
		}
		let parsed: z.infer<typeof consumerSchema>;
		try {
			parsed = consumerSchema.parse(JSON.parse(text));
		} catch {
			throw new DamageError('a consumer in it can not be read');
		}
		if (this.#consumers.length >= maxConsumers) {
			throw new DamageError('it holds more consumers than can be');
		}
		this.#consumers.push({
			name: name.slice('consumers/'.length),
			deliverSubject: parsed.config.deliver_subject,
		});
	}
}
