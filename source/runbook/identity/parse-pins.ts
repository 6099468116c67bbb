import * as z from 'zod';
import type {Pins} from './pins.ts';

const created = z.object({name: z.string(), created: z.string()}).optional();

const pinsSchema = z.object({
	engine: z.string(),
	containers: z.record(z.string(), z.array(z.string())),
	stream: created,
	consumer: created,
});

/** The pins that a console gives to the run which it starts. @throws an Error with a sentence when they are none. */
export function parsePins(text: string): Pins {
	try {
		return pinsSchema.parse(JSON.parse(text));
	} catch {
		throw new Error('Nothing was done: --pins is not what a console gives to a run.');
	}
}
