import type {ArchiveContent, ContentReader} from './content.ts';
import {DamageError} from './damage.ts';
import {readerFor} from './reader.ts';
import {S2Stream} from './s2-stream.ts';

/** Proves of an archive, as its bytes come, that it is whole: each block has its checksum, and its end is there. */
export class WholeArchive {
	#content: ContentReader | undefined;
	readonly #stream = new S2Stream((block, endAt) => {
		this.#content ??= readerFor(block);
		this.#content.push(block, endAt);
	});

	/** @throws DamageError where the bytes are not what can follow. */
	push(bytes: Uint8Array): void {
		this.#stream.push(bytes);
	}

	/** Says that nothing follows. @throws DamageError where something is missing. */
	end(): ArchiveContent {
		this.#stream.end();
		if (this.#content === undefined) {
			throw new DamageError('it is empty');
		}
		return this.#content.end();
	}
}
