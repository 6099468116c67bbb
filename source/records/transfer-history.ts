import * as z from 'zod';
import {sanitize} from '../text/sanitize.ts';
import {appendNotes, readNotes} from './note-file.ts';
import type {Place} from './place.ts';
import {whoAmI} from './who.ts';

const text = z.string().transform((value) => sanitize(value, 400));

const noteSchema = z.object({
	/** Milliseconds since the epoch. */
	at: z.number(),
	what: z.enum(['backup', 'restore']),
	/** `begun` before anything is done; what has no end was killed. */
	state: z.enum(['begun', 'done', 'incomplete', 'failed']),
	stream: text,
	folder: text,
	user: text,
	/** `ssh from 10.0.0.7`, `local`. */
	origin: text,
	host: text,
	/** What came of it. */
	text: text.optional(),
});

/** A backup or a restore that was done by itself and not by a run. */
export type TransferNote = z.infer<typeof noteSchema>;

/**
Notes that a backup or a restore begins. A run has its journal; these have the file beside the journals.

@param secrets - What finds the secrets of the configuration; see `exactSecrets`.
@returns What notes how it ended.
*/
export function noteTransfer(
	place: Place,
	what: Pick<TransferNote, 'what' | 'stream' | 'folder'>,
	env: NodeJS.ProcessEnv,
	secrets: readonly RegExp[],
): (state: 'done' | 'incomplete' | 'failed', text: string) => void {
	const facts = {...what, ...whoAmI(env)};
	const append = (note: Pick<TransferNote, 'state' | 'text'>): void =>
		appendNotes(place, place.transfers, [{at: Date.now(), ...facts, ...note}], secrets);
	append({state: 'begun'});
	return (state, said) => append({state, text: said});
}

/** The notes from `since` on, oldest first. Never throws. */
export const readTransfers = (place: Place, since: number): TransferNote[] =>
	readNotes(place.transfers, noteSchema, since);
