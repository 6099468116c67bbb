// The engine splits lines at 16 KiB; a length beyond this is no length.
const maxFrameBytes = 16 << 20;

/**
Splits the stream that the engine multiplexes stdout and stderr into: frames of an eight-byte header
(1 stdout or 2 stderr, three zeros, the length as a big-endian word) and a payload. A line over 16 KiB comes
in several frames, and a chunk of the network may end anywhere. dockerode's own demuxStream recurses a frame
and overflows the stack on a large buffer.
https://docs.docker.com/reference/api/engine/ (Attach to a container, "Stream format")
*/
export class FrameSplitter {
	#rest: Buffer = Buffer.alloc(0);

	/** The whole frames that are there after `chunk`. @throws where a length shows that these are no frames. */
	push(chunk: Buffer): {stderr: boolean; payload: Buffer}[] {
		let buffer = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
		const frames: {stderr: boolean; payload: Buffer}[] = [];
		while (buffer.length >= 8) {
			const length = buffer.readUInt32BE(4);
			if (length > maxFrameBytes) {
				throw new Error('This is not a stream of log frames.');
			}
			if (buffer.length < 8 + length) {
				break;
			}
			frames.push({stderr: buffer[0] === 2, payload: buffer.subarray(8, 8 + length)});
			buffer = buffer.subarray(8 + length);
		}
		this.#rest = buffer;
		return frames;
	}
}

/** Splits text into lines over chunk borders, and cuts a line that never ends. */
export class LineSplitter {
	#rest = '';
	#decoder = new TextDecoder('utf8', {fatal: false});
	#dropping = false;
	readonly #maxLength: number;

	constructor(maxLength = 16_384) {
		this.#maxLength = maxLength;
	}

	/** The whole lines that are there after `chunk`, without their line breaks. */
	push(chunk: Buffer): string[] {
		const parts = (this.#rest + this.#decoder.decode(chunk, {stream: true})).split('\n');
		this.#rest = parts.pop() ?? '';
		if (this.#dropping && parts.length > 0) {
			parts.shift();
			this.#dropping = false;
		}
		if (this.#dropping) {
			this.#rest = '';
		} else if (this.#rest.length > this.#maxLength) {
			parts.push(this.#rest.slice(0, this.#maxLength));
			this.#rest = '';
			this.#dropping = true;
		}
		return parts.map((line) => (line.length > this.#maxLength ? line.slice(0, this.#maxLength) : line));
	}
}
