// CRC-32C (Castagnoli, RFC 3720 appendix B.4), eight bytes a step: node:zlib has only the other polynomial.
const tables: Int32Array[] = Array.from({length: 8}, () => new Int32Array(256));
for (let byte = 0; byte < 256; byte++) {
	let crc = byte;
	for (let bit = 0; bit < 8; bit++) {
		crc = crc & 1 ? (crc >>> 1) ^ 0x82_f6_3b_78 : crc >>> 1;
	}
	tables[0]![byte] = crc;
}
for (let slice = 1; slice < 8; slice++) {
	for (let byte = 0; byte < 256; byte++) {
		const before = tables[slice - 1]![byte]!;
		tables[slice]![byte] = (before >>> 8) ^ tables[0]![before & 255]!;
	}
}
const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [
	Int32Array,
	Int32Array,
	Int32Array,
	Int32Array,
	Int32Array,
	Int32Array,
	Int32Array,
	Int32Array,
];

/** The CRC-32C of bytes, as an unsigned number. */
export function crc32c(bytes: Uint8Array): number {
	let crc = -1;
	let at = 0;
	for (const last = bytes.length - 7; at < last; at += 8) {
		const low = crc ^ (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24));
		crc =
			t7[low & 255]! ^
			t6[(low >>> 8) & 255]! ^
			t5[(low >>> 16) & 255]! ^
			t4[low >>> 24]! ^
			t3[bytes[at + 4]!]! ^
			t2[bytes[at + 5]!]! ^
			t1[bytes[at + 6]!]! ^
			t0[bytes[at + 7]!]!;
	}
	for (; at < bytes.length; at++) {
		crc = (crc >>> 8) ^ t0[(crc ^ bytes[at]!) & 255]!;
	}
	return ~crc >>> 0;
}

/** The CRC as the framing of snappy and S2 stores it: rotated, and a constant added. */
export function maskedCrc32c(bytes: Uint8Array): number {
	const crc = crc32c(bytes);
	return (((crc >>> 15) | (crc << 17)) + 0xa2_82_ea_d8) >>> 0;
}
