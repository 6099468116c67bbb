import type {Readable} from 'node:stream';
import {FrameSplitter, LineSplitter} from './frames.ts';

const maxBytes = 16 << 10;
/** What a process writes when it starts comes at once; the stream itself goes on as long as the container runs. */
const quietMs = 250;
const longestMs = 2000;

/**
The first lines of a log that is followed, up to 16 KiB or to its first pause.

@param isTerminal - The container has a terminal, so the stream has no frames.
@param stop - Ends the stream at the engine.
*/
export function firstLinesOf(stream: Readable, isTerminal: boolean, stop: () => void): Promise<string[]> {
	return new Promise((resolve, reject) => {
		const frames = new FrameSplitter();
		const splitter = new LineSplitter();
		const lines: string[] = [];
		let bytes = 0;
		const end = (error?: Error): void => {
			clearTimeout(longest);
			clearTimeout(quiet);
			stream.removeAllListeners('data');
			// The abort makes the stream fail once more; nobody waits for it any longer.
			stream.on('error', () => {});
			stop();
			stream.destroy();
			if (error && lines.length === 0) {
				reject(error);
			} else {
				resolve(lines);
			}
		};
		const longest = setTimeout(end, longestMs);
		let quiet: NodeJS.Timeout | undefined;
		stream.on('data', (chunk: Buffer) => {
			clearTimeout(quiet);
			quiet = setTimeout(end, quietMs);
			bytes += chunk.length;
			try {
				const parts = isTerminal ? [chunk] : frames.push(chunk).map(({payload}) => payload);
				lines.push(...parts.flatMap((part) => splitter.push(part)).map((line) => line.replace(/\r$/, '')));
			} catch (error) {
				end(error as Error);
				return;
			}
			if (bytes >= maxBytes) {
				end();
			}
		});
		stream.once('end', () => end());
		stream.once('error', end);
	});
}
