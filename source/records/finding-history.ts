import * as z from 'zod';
import {sanitize} from '../text/sanitize.ts';
import {appendNotes, readNotes} from './note-file.ts';
import type {Place} from './place.ts';

const text = z.string().transform((value) => sanitize(value, 400));

const noteSchema = z.object({
	/** When it was seen to come or go, milliseconds since the epoch. */
	at: z.number(),
	change: z.enum(['appeared', 'went']),
	id: text,
	severity: z.enum(['critical', 'warning']),
	title: text,
	evidence: text,
	/** The finding that explains this one. */
	cause: text.optional(),
});

/** A finding that came or went. */
export type FindingNote = z.infer<typeof noteSchema>;

/** Adds notes to the history, as far as they can be written; see `appendNotes`. */
export const appendFindings = (
	place: Place,
	notes: readonly FindingNote[],
	secrets: readonly RegExp[] = [],
	limit?: number,
): void => appendNotes(place, place.findings, notes, secrets, limit);

/** The notes from `since` on, oldest first. Never throws. */
export const readFindings = (place: Place, since: number): FindingNote[] =>
	readNotes(place.findings, noteSchema, since);
