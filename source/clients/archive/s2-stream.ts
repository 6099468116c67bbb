import {maskedCrc32c} from './crc32c.ts';
import {DamageError} from './damage.ts';
import {blockHead, decodeBlock} from './s2-block.ts';

// S2's largest block is 4 MiB; a chunk of it that did not get smaller is a little larger.
const maxBlock = 4 << 20;
const maxChunk = maxBlock + (64 << 10);
const headBytes = 4;
const crcBytes = 4;
// Of the kinds that may be skipped only these two are known: any other is a flipped bit.
const chunk = {compressed: 0x00, uncompressed: 0x01, index: 0x99, padding: 0xfe, identifier: 0xff} as const;
const magics = ['S2sTwO', 'sNaPpY'];

/**
Reads the framed format of snappy and S2 as it comes: each chunk is a type, a length of three bytes and its body; a
chunk of data carries the CRC of what it holds. Holds no more than one chunk.
(github.com/google/snappy, framing_format.txt)
*/
export class S2Stream {
	/** Bytes of whole chunks so far, once decoded. */
	decodedBytes = 0;
	readonly #onBlock: ((block: Uint8Array, endAt: number) => void) | undefined;
	/** Where the last whole chunk ends. */
	#endAt = 0;
	#chunk = Buffer.allocUnsafe(128 << 10);
	/** How much of the current chunk, its head included, is there. */
	#have = 0;
	#begun = false;
	#target = Buffer.allocUnsafe(64 << 10);

	/**
	@param onBlock - Gets each block, decoded and checked, valid until it returns, and where its chunk ends. Without it,
	blocks are only counted: that costs next to nothing.
	*/
	constructor(onBlock?: (block: Uint8Array, endAt: number) => void) {
		this.#onBlock = onBlock;
	}

	/** Takes the next bytes. @throws DamageError where they are not what can follow. */
	push(bytes: Uint8Array): void {
		let at = 0;
		while (at < bytes.length) {
			const wanted = this.#have < headBytes ? headBytes : this.#wanted();
			const taken = Math.min(wanted - this.#have, bytes.length - at);
			this.#chunk.set(bytes.subarray(at, at + taken), this.#have);
			this.#have += taken;
			at += taken;
			if (this.#have >= headBytes && this.#have === this.#wanted()) {
				this.#endAt += this.#have;
				this.#take(this.#chunk[0]!, this.#chunk.subarray(headBytes, this.#have));
				this.#have = 0;
			}
		}
	}

	/** Says that nothing follows. @throws DamageError in the middle of a chunk, or before the first. */
	end(): void {
		if (this.#have > 0) {
			throw new DamageError('it ends in the middle of a block: it was cut');
		}
		if (!this.#begun) {
			throw new DamageError('it is empty');
		}
	}

	/** The length of the current chunk with its head. */
	#wanted(): number {
		const length = headBytes + this.#chunk.readUIntLE(1, 3);
		if (length > maxChunk) {
			throw new DamageError('a block of it has a length that can not be');
		}
		if (length > this.#chunk.length) {
			const larger = Buffer.allocUnsafe(Math.min(maxChunk, Math.max(length, this.#chunk.length * 2)));
			larger.set(this.#chunk.subarray(0, this.#have));
			this.#chunk = larger;
		}
		return length;
	}

	#take(type: number, body: Buffer): void {
		if (type === chunk.identifier) {
			if (!magics.includes(body.toString('latin1'))) {
				throw new DamageError('it is not compressed with S2');
			}
			this.#begun = true;
			return;
		}
		if (!this.#begun) {
			throw new DamageError('it is not compressed with S2');
		}
		if (type === chunk.index || type === chunk.padding) {
			return;
		}
		if (type > chunk.uncompressed || body.length < crcBytes) {
			throw new DamageError('a block of it is of no known kind');
		}
		const data = body.subarray(crcBytes);
		const length = type === chunk.compressed ? blockHead(data).length : data.length;
		if (length > maxBlock) {
			throw new DamageError('a block of it has a length that can not be');
		}
		this.decodedBytes += length;
		if (this.#onBlock === undefined) {
			return;
		}
		let block: Uint8Array = data;
		if (type === chunk.compressed) {
			if (length > this.#target.length) {
				this.#target = Buffer.allocUnsafe(Math.min(maxBlock, Math.max(length, this.#target.length * 2)));
			}
			decodeBlock(data, this.#target);
			block = this.#target.subarray(0, length);
		}
		if (maskedCrc32c(block) !== body.readUInt32LE(0)) {
			throw new DamageError('a block of it does not have the checksum that it carries');
		}
		this.#onBlock(block, this.#endAt);
	}
}
