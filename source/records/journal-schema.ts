import * as z from 'zod';
import {sanitize} from '../text/sanitize.ts';
import type {JournalEvent} from './event.ts';
import {isRunId} from './names.ts';

// A journal may be another user's, or of another version: what is shown of it goes through here.
const text = z.string().transform((value) => sanitize(value));
const word = z.string().transform((value) => sanitize(value, 300));
// It becomes the name of a file.
const runName = word.refine(isRunId);
const time = z.number();
const count = z.number().catch(0);
const at = {at: time};
const names = z.array(word).max(5000);
const list = <T extends z.ZodType>(item: T) => z.array(item).max(5000);

const check = z.object({
	name: text,
	ok: z.boolean(),
	evidence: text.catch(''),
	ms: z.number().optional(),
	next: text.optional(),
});

const plannedStep = z.object({id: word, title: text, text: text.catch(''), command: text.optional()});

const impact = z.object({
	at: time,
	stream: word,
	keep: count,
	messages: count,
	removedMessages: count,
	bytes: count,
	removedBytes: count,
	consumers: list(
		z.object({consumer: word, neverDelivered: count, unacknowledged: count, keeps: count}),
	).catch([]),
	unprocessed: count,
});

const where = z.object({
	engine: word,
	engineId: word.optional().catch(undefined),
	project: word,
	nats: word,
	stream: word,
	consumer: word,
});

const stream = z.object({
	name: word,
	messages: count,
	bytes: count,
	firstSeq: count,
	lastSeq: count,
	consumers: list(
		z.object({name: word, lag: count, ackPending: count, floor: count, redelivered: count}),
	).optional(),
});

const events = [
	z.object({
		...at,
		event: z.literal('started'),
		run: runName,
		runbook: word,
		title: text.catch(''),
		deployment: word.catch(''),
		host: word.catch(''),
		user: word.catch(''),
		origin: word.catch(''),
		// Signals are sent to it: 0 and negative ones are groups of processes. (kill(2)) In a container a run may be the first.
		pid: z.int().min(1),
		pidStart: word,
		machine: word.optional().catch(undefined),
		version: word.catch(''),
		steps: z.array(plannedStep).max(500),
		impact: impact.optional().catch(undefined),
		// Journals of 0.1 do not say it.
		confirmed: z
			.object({how: z.enum(['key', 'typed', '--yes']), loss: z.number().optional()})
			.catch({how: '--yes'}),
		backup: z.boolean().catch(true),
		resumes: runName.optional().catch(undefined),
		where: where.optional().catch(undefined),
	}),
	z.object({...at, event: z.literal('preflight'), checks: list(check)}),
	z.object({
		...at,
		event: z.literal('snapshot'),
		when: z.enum(['before', 'after']),
		elapsedMs: count,
		unanswered: list(text).catch([]),
		containers: list(z.object({service: word, status: word, health: word})).optional(),
		server: z.object({healthz: word, error: text.optional()}).optional(),
		streams: list(stream).optional(),
		moreStreams: z.number().optional(),
	}),
	z.object({
		...at,
		event: z.literal('step'),
		step: word,
		status: z.enum(['running', 'done', 'failed', 'skipped']),
		text: text.optional(),
		command: text.optional(),
	}),
	z.object({
		...at,
		event: z.literal('progress'),
		step: word,
		text: text.optional(),
		fraction: z
			.number()
			.nullish()
			.transform((fraction) => fraction ?? undefined),
	}),
	z.object({
		...at,
		event: z.literal('stopping'),
		services: names,
		containers: names.optional().catch(undefined),
	}),
	z.object({...at, event: z.literal('restored'), services: names}),
	z.object({
		...at,
		event: z.literal('lost'),
		text,
		removed: z.number().optional(),
		backup: text.optional(),
	}),
	z.object({...at, event: z.literal('note'), text}),
	check.extend({...at, event: z.literal('check')}),
	z.object({...at, event: z.literal('aborting'), reason: text}),
	z.object({
		...at,
		event: z.literal('finished'),
		result: z.enum(['verified', 'unverified', 'failed', 'aborted']),
		checks: list(check).catch([]),
		elapsedMs: count,
		error: text.optional(),
	}),
] as const;

const schema = z.discriminatedUnion('event', events);

/** One line of a journal; undefined where it is torn, of a kind that this version does not know, or not a line of one. */
export function parseLine(line: string): JournalEvent | undefined {
	try {
		// The transforms keep the shape; zod's optional fields are `| undefined`, as a JSON that lacks them reads.
		return schema.safeParse(JSON.parse(line)).data as JournalEvent | undefined;
	} catch {
		return undefined;
	}
}
