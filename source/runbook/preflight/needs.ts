import type {Needs} from '../needs.ts';

/** What the preflight must know of the steps that follow. */
export type Wanted = Needs & {
	/** The stream is backed up before it is purged. */
	backup: boolean;
};
