import {parseExactly} from '../../text/exact-json.ts';
import type {InertParts} from './content.ts';
import {maskedCrc32c} from './crc32c.ts';
import {magic} from './nats-archive.ts';

// As the server's own blocks.
const blockBytes = 1 << 20;

/**
What an archive without its consumers begins with, as a file: its state without them, and its first messages. The rest
of the file (`restAt`) can follow as it is: blocks of S2 stand alone. These here are not compressed.
*/
export function inertHead({state, first}: InertParts): Buffer {
	const payload = Buffer.from(
		JSON.stringify({...(parseExactly(state) as Record<string, unknown>), consumer_count: 0}),
	);
	const name = Buffer.from('state.json');
	// An entry's head: see `NatsArchive`. Its time is not looked at.
	const head = Buffer.from([name.length, 0, 0, 0, ...uvarint(payload.length)]);
	const data = Buffer.concat([magic, head, name, payload, first]);
	const frames: Buffer[] = [Buffer.from('\xff\x06\0\0S2sTwO', 'latin1')];
	for (let at = 0; at < data.length; at += blockBytes) {
		const block = data.subarray(at, at + blockBytes);
		const frame = Buffer.alloc(8);
		frame[0] = 0x01;
		frame.writeUIntLE(block.length + 4, 1, 3);
		frame.writeUInt32LE(maskedCrc32c(block), 4);
		frames.push(frame, block);
	}
	return Buffer.concat(frames);
}

function uvarint(value: number): number[] {
	return value < 128 ? [value] : [(value & 127) | 128, ...uvarint(value >>> 7)];
}
