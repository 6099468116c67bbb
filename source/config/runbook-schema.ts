import * as z from 'zod';

const name = z
	.string()
	.regex(/^[\w.-]+$/, 'only letters, digits, dot, dash and underscore')
	.max(200);

const services = z.union([name, z.array(name).min(1).max(50)], {
	error: 'a service, a list of services, or one of the words server, clients, all',
});
const yes = z.literal(true, {error: 'true, or the word of the step alone'});

const keepWords = 'a whole number of at least 1, or nothing';
const keep = z.union([z.int(keepWords).min(1, keepWords), z.literal('nothing')], {error: keepWords});

/** One action. Exactly one of the keys but `withinSeconds` is given: see `check-runbooks.ts`. */
const step = z.strictObject({
	restart: services.optional(),
	stop: services.optional(),
	start: services.optional(),
	backup: yes.optional(),
	purge: z
		.union([yes, z.strictObject({keep: keep.optional()})], {
			error: '"keep: <messages>", or the word alone for the configured keep',
		})
		.optional(),
	readopt: yes.optional(),
	recreate: z
		.union([yes, z.literal('consumer')], {
			error: '"consumer", or the word alone for the stream and its consumers',
		})
		.optional(),
	waitFor: services.optional().describe('server, endpoints, or services that must be running and healthy'),
	verify: yes.optional(),
	run: z.array(z.string().min(1).max(1000)).min(1).max(50).optional().describe('a command and its arguments'),
	withinSeconds: z.number().min(1).max(3600).optional().describe('the deadline of waitFor, verify and run'),
});

/**
A runbook as data: the built-in ones and those that an operator adds are of this one form. `{server}`, `{stream}`,
`{consumer}` and `{keep}` in its texts stand for the deployment's own.
*/
export const runbookSchema = z.strictObject({
	id: z
		.string()
		.regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and dashes, a letter first')
		.max(40)
		.describe('its name on the command line'),
	key: z
		.string()
		.regex(/^[A-Z]$/, 'one upper-case letter')
		.optional()
		.describe('its key in the console'),
	title: z.string().min(1).max(80).describe('what it does, short'),
	label: z.string().min(1).max(24).optional().describe('the words beside its key; else the title'),
	about: z.string().min(1).max(200).optional().describe('what it does, in a sentence'),
	confirm: z
		.enum(['key', 'type'], {error: 'key or type'})
		.optional()
		.describe("type: the stream's name must be typed, whatever it removes"),
	steps: z.array(step).min(1).max(40),
});

/** The schema of each step's own words, by its key. */
export const stepShape = step.shape;

export type RunbookSpec = z.infer<typeof runbookSchema>;
export type StepSpec = RunbookSpec['steps'][number];
export type Services = z.infer<typeof services>;

/** The key of what a step does. */
export type Action = Exclude<keyof StepSpec, 'withinSeconds'>;

/** What a step can do, by its key. */
export const actions = Object.keys(step.shape).filter((key) => key !== 'withinSeconds') as Action[];

/** The one action of a step. */
export const actionOf = (given: StepSpec) => actions.find((action) => given[action] !== undefined);
