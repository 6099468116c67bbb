import type {ArchiveContent, ArchivedConsumer, ContentReader} from './content.ts';
import {DamageError} from './damage.ts';

const block = 512;
const maxConsumers = 100_000;

/**
The layout of a snapshot before nats-server 2.15: the stream's folder as a tar, `meta.inf`, `msgs/*.blk` and
`obs/<consumer>/*`, at its end two blocks of zeros. (tar(5); nats-server 2.9, server/filestore.go)
*/
export class TarArchive implements ContentReader {
	readonly #head = Buffer.alloc(block);
	#have = 0;
	/** Bytes of the current file, filled up to whole blocks, that are still to come. */
	#left = 0;
	#zeros = 0;
	#seenMeta = false;
	#consumers: ArchivedConsumer[] = [];

	push(bytes: Uint8Array): void {
		let at = 0;
		while (at < bytes.length) {
			if (this.#left > 0) {
				const taken = Math.min(this.#left, bytes.length - at);
				this.#left -= taken;
				at += taken;
				continue;
			}
			const taken = Math.min(block - this.#have, bytes.length - at);
			this.#head.set(bytes.subarray(at, at + taken), this.#have);
			this.#have += taken;
			at += taken;
			if (this.#have === block) {
				this.#have = 0;
				this.#readHead();
			}
		}
	}

	end(): ArchiveContent {
		if (this.#zeros < 2 || this.#have > 0) {
			throw new DamageError('its end is not there: it was cut');
		}
		if (!this.#seenMeta) {
			throw new DamageError('it holds no stream');
		}
		return {layout: 'tar', consumers: this.#consumers};
	}

	#readHead(): void {
		const head = this.#head;
		if (head.every((byte) => byte === 0)) {
			this.#zeros++;
			return;
		}
		let sum = 0;
		for (const [index, byte] of head.entries()) {
			// The checksum's own field counts as blanks.
			sum += index >= 148 && index < 156 ? 32 : byte;
		}
		const size = octal(head, 124, 136);
		if (octal(head, 148, 156) !== sum || size === undefined) {
			throw new DamageError('it is neither a snapshot of a stream nor a tar');
		}
		if (this.#zeros > 0) {
			throw new DamageError('something follows its end');
		}
		this.#left = Math.ceil(size / block) * block;
		const name = head.toString('utf8', 0, 100).replace(/\0.*$/s, '');
		this.#seenMeta ||= name === 'meta.inf';
		const [, consumer] = /^obs\/([^/]+)\/meta\.inf$/.exec(name) ?? [];
		if (consumer !== undefined && this.#consumers.length < maxConsumers) {
			this.#consumers.push({name: consumer});
		}
	}
}

function octal(head: Buffer, from: number, to: number): number | undefined {
	const text = head.toString('latin1', from, to).replace(/\0.*$/s, '').trim();
	return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : undefined;
}
