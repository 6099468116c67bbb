import {DamageError} from './damage.ts';

/** How long a block is once it is decoded, and where its first element begins. @throws DamageError */
export function blockHead(block: Uint8Array): {length: number; start: number} {
	let length = 0;
	for (let at = 0; at < 5 && at < block.length; at++) {
		const byte = block[at]!;
		length += (byte & 127) * 2 ** (7 * at);
		if (byte < 128) {
			return {length, start: at + 1};
		}
	}
	throw new DamageError('a block of it has no length');
}

/**
Decodes one block of S2, of which snappy's blocks are a subset, into the beginning of `target`.

The format: literals and copies of what is decoded already; a one-byte copy with the offset 0 repeats the last
offset. (github.com/klauspost/compress, s2/decode_other.go; github.com/google/snappy, format_description.txt)

@param target - Has room for what `blockHead` says.
@throws DamageError where it is not such a block.
*/
export function decodeBlock(block: Uint8Array, target: Uint8Array): void {
	const {length: whole, start} = blockHead(block);
	const end = block.length;
	let from = start;
	let to = 0;
	let offset = 0;
	while (from < end) {
		const tag = block[from]!;
		let length: number;
		if ((tag & 3) === 0) {
			length = tag >> 2;
			from++;
			if (length >= 60) {
				const extra = length - 59;
				length = 0;
				// Past the end a byte is undefined, and 0 here: the check below finds it.
				for (let index = 0; index < extra; index++) {
					length += (block[from + index] ?? 0) * 2 ** (8 * index);
				}
				from += extra;
			}
			length++;
			if (length > whole - to || length > end - from) {
				throw new DamageError('a block of it is damaged');
			}
			if (length > 16) {
				target.set(block.subarray(from, from + length), to);
			} else {
				for (let index = 0; index < length; index++) {
					target[to + index] = block[from + index]!;
				}
			}
			from += length;
			to += length;
			continue;
		}
		const b1 = block[from + 1] ?? 0;
		const b2 = block[from + 2] ?? 0;
		const b3 = block[from + 3] ?? 0;
		if ((tag & 3) === 1) {
			const near = ((tag & 0xe0) << 3) | b1;
			length = (tag >> 2) & 7;
			from += 2;
			if (near === 0) {
				if (length === 5) {
					length = b2 + 4;
					from++;
				} else if (length === 6) {
					length = (b2 | (b3 << 8)) + 256;
					from += 2;
				} else if (length === 7) {
					length = (b2 | (b3 << 8) | ((block[from + 2] ?? 0) << 16)) + 65_536;
					from += 3;
				}
			} else {
				offset = near;
			}
			length += 4;
		} else if ((tag & 3) === 2) {
			length = 1 + (tag >> 2);
			offset = b1 | (b2 << 8);
			from += 3;
		} else {
			length = 1 + (tag >> 2);
			offset = (b1 | (b2 << 8) | (b3 << 16)) + (block[from + 4] ?? 0) * 2 ** 24;
			from += 5;
		}
		if (offset === 0 || offset > to || length > whole - to || from > end) {
			throw new DamageError('a block of it is damaged');
		}
		if (offset >= length && length > 16) {
			target.copyWithin(to, to - offset, to - offset + length);
			to += length;
		} else {
			// Where they overlap, what was just copied is copied again.
			for (const stop = to + length; to < stop; to++) {
				target[to] = target[to - offset]!;
			}
		}
	}
	if (to !== whole) {
		throw new DamageError('a block of it is damaged');
	}
}
