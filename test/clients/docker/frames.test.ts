import {describe, expect, it} from 'vitest';
import {FrameSplitter, LineSplitter} from '../../../source/clients/docker/frames.ts';

/** A frame as the engine sends it. */
function frame(kind: 1 | 2, text: string): Buffer {
	const payload = Buffer.from(text);
	const header = Buffer.alloc(8);
	header[0] = kind;
	header.writeUInt32BE(payload.length, 4);
	return Buffer.concat([header, payload]);
}

/** What a splitter answers when the sample comes in pieces that end at these offsets. */
function pieces(sample: Buffer, ...cuts: number[]): Buffer[] {
	return [...cuts, sample.length].map((end, index) => sample.subarray(cuts[index - 1] ?? 0, end));
}

describe('FrameSplitter', () => {
	const sample = Buffer.concat([
		frame(1, 'out\n'),
		frame(2, ''),
		frame(2, 'Fehler: größer\n'),
		frame(1, 'x'),
	]);
	const whole = [
		{stderr: false, text: 'out\n'},
		{stderr: true, text: ''},
		{stderr: true, text: 'Fehler: größer\n'},
		{stderr: false, text: 'x'},
	];
	const read = (chunks: Buffer[]) => {
		const splitter = new FrameSplitter();
		return chunks
			.flatMap((chunk) => splitter.push(chunk))
			.map(({stderr, payload}) => ({stderr, text: payload.toString()}));
	};

	it('finds the same frames wherever the network cuts', () => {
		for (let a = 0; a <= sample.length; a++) {
			for (let b = a; b <= sample.length; b++) {
				expect(read(pieces(sample, a, b))).toEqual(whole);
			}
		}
		expect(read([...sample].map((byte) => Buffer.from([byte])))).toEqual(whole);
	});

	it('keeps back a frame that is not whole', () => {
		expect(read([sample.subarray(0, sample.length - 1)])).toEqual(whole.slice(0, -1));
	});

	it('reads 100,000 frames of one chunk', () => {
		const many = Buffer.concat(Array.from({length: 100_000}, () => frame(1, 'a\n')));
		expect(read([many])).toHaveLength(100_000);
	});
});

describe('LineSplitter', () => {
	const sample = Buffer.from('eins\nzwölf 日本 🚀\n\nletzte\nunfinished');
	const lines = ['eins', 'zwölf 日本 🚀', '', 'letzte'];
	const read = (chunks: Buffer[], maxLength?: number) => {
		const splitter = new LineSplitter(maxLength);
		return chunks.flatMap((chunk) => splitter.push(chunk));
	};

	it('finds the same lines wherever the network cuts, also within a character', () => {
		for (let a = 0; a <= sample.length; a++) {
			for (let b = a; b <= sample.length; b++) {
				expect(read(pieces(sample, a, b))).toEqual(lines);
			}
		}
		expect(read([...sample].map((byte) => Buffer.from([byte])))).toEqual(lines);
	});

	it('cuts a line that never ends, drops its rest, and goes on with the next one', () => {
		const endless = Array.from({length: 100}, () => Buffer.from('x'.repeat(10)));
		expect(read([...endless, Buffer.from('tail\nnext\n')], 25)).toEqual(['x'.repeat(25), 'next']);
	});

	it('cuts each of two endless lines', () => {
		const chunks = ['a'.repeat(30), 'aaa\nbbb', 'b'.repeat(30), 'bb\nend\n'].map((text) => Buffer.from(text));
		expect(read(chunks, 25)).toEqual(['a'.repeat(25), 'b'.repeat(25), 'end']);
	});

	it('puts a replacement where bytes are no UTF-8, and does not throw', () => {
		expect(read([Buffer.from([0x61, 0xff, 0xfe, 0x62, 0x0a])])).toEqual(['a\ufffd\ufffdb']);
	});
});
