/** A consumer that an archive holds. */
export type ArchivedConsumer = {
	name: string;
	/** Where it pushes to; undefined for a pull consumer, and where the archive does not say. */
	deliverSubject?: string | undefined;
};

export type InertParts = {
	/** The archive's own `state.json`. */
	state: string;
	/** The messages of the block in which the first one begins, at most that block. */
	first: Buffer;
	/** Where in the file the next block begins: from there on are only messages. */
	restAt: number;
};

/** What an archive holds, as far as its layout says. */
export type ArchiveContent = {
	/** `archive`: messages one by one, of a server from 2.15 on. `tar`: the store's own files, of those before. */
	layout: 'archive' | 'tar';
	/** Only of an `archive`. */
	messages?: number | undefined;
	/** Only of an `archive`: what an archive of its messages alone is made from; see `inertHead`. */
	inert?: InertParts | undefined;
	consumers: ArchivedConsumer[];
};

/** Reads one of the two layouts, as its decoded bytes come. */
export type ContentReader = {
	/** @param endAt - Where in the file the block ends that holds these bytes. */
	push(bytes: Uint8Array, endAt: number): void;
	/** Says that nothing follows. @throws DamageError where the layout's own end was not there. */
	end(): ArchiveContent;
};
