import type * as z from 'zod';
import {redact} from '../text/redact.ts';
import {sanitize} from '../text/sanitize.ts';
import {nearest} from './nearest.ts';
import type {ValuePath} from './parse.ts';
import {showPath, type Values, valueAt} from './values.ts';

/** The parts of a zod schema that are looked at here. */
type Schema = {
	def: {type: string; innerType?: Schema; valueType?: Schema};
	shape?: Record<string, Schema>;
	element?: Schema;
	description?: string;
	minValue?: number | null;
	maxValue?: number | null;
	isInt?: boolean;
};

export type Problem = {path: ValuePath; text: string};

/**
What is wrong, in the words of an operator, for each problem that the schema found.

@param given - What the file says, with `${NAME}` not yet replaced: its values are shown, and none of a variable.
@param deployment - The deployment whose file must be complete, where it is not a built-in one.
*/
export function explain(
	issues: readonly z.core.$ZodIssue[],
	root: z.ZodType,
	given: Values,
	deployment?: string,
): Problem[] {
	const top = root as unknown as Schema;
	return issues.flatMap((issue) => {
		if (issue.code === 'unrecognized_keys') {
			return issue.keys.map((key) => unknownKey(top, issue.path, key));
		}
		const schema = schemaAt(top, issue.path);
		const value = valueAt(given, issue.path);
		if (issue.code === 'invalid_type' && value === undefined) {
			return [{path: issue.path, text: missing(schema, issue.path, deployment)}];
		}
		if (value === undefined) {
			// A value that follows from another one, as the project from the deployment: that one is reported.
			return [];
		}
		return [{path: issue.path, text: `expected ${expectation(issue, schema)}${got(value, issue, schema)}.`}];
	});
}

function unwrap(schema: Schema | undefined): Schema | undefined {
	return schema?.def.innerType ? unwrap(schema.def.innerType) : schema;
}

function schemaAt(root: Schema, path: ValuePath): Schema | undefined {
	let schema: Schema | undefined = root;
	let described: string | undefined;
	for (const segment of path) {
		const inner = unwrap(schema);
		schema =
			typeof segment === 'number'
				? inner?.element
				: (inner?.shape?.[String(segment)] ?? inner?.def.valueType);
		described = schema?.description;
	}
	const inner = unwrap(schema);
	return inner && {...pick(inner), description: described ?? inner.description};
}

/** Zod's own are getters on the prototype, which a spread would lose. */
function pick({def, shape, element, minValue, maxValue, isInt}: Schema): Schema {
	return {def, shape, element, minValue, maxValue, isInt};
}

function missing(schema: Schema | undefined, path: ValuePath, deployment: string | undefined): string {
	const what = schema?.description ? ` (${schema.description})` : '';
	// Only the keys of a whole deployment have a built-in value; an entry of a list must be complete anyway.
	const why =
		deployment !== undefined && !path.some((part) => typeof part === 'number')
			? ` The deployment "${sanitize(deployment, 60)}" is not built in, so the file must say it.`
			: '';
	return `is missing${what}.${why}`;
}

function expectation(issue: z.core.$ZodIssue, schema: Schema | undefined): string {
	if (issue.code === 'invalid_format') {
		return issue.message;
	}
	if (issue.code === 'too_big' && issue.origin === 'string') {
		return `at most ${issue.maximum} characters`;
	}
	if (issue.code === 'too_small' && issue.origin === 'string') {
		return issue.minimum === 1 ? 'some text' : `at least ${issue.minimum} characters`;
	}
	if (issue.code === 'too_small' && issue.origin === 'array') {
		return 'at least one entry';
	}
	if (issue.code === 'too_big' && issue.origin === 'array') {
		return `at most ${issue.maximum} entries`;
	}
	if (issue.code === 'invalid_key') {
		return sanitize(issue.issues[0]?.message ?? issue.message, 200);
	}
	switch (schema?.def.type) {
		case 'number':
			return numberWords(schema);
		case 'string':
			return 'text';
		case 'boolean':
			return 'true or false';
		case 'array':
			return 'a list';
		case 'object':
		case 'record':
			return 'a section of "key: value" lines';
		default:
			return sanitize(issue.message, 200);
	}
}

function numberWords({minValue, maxValue, isInt}: Schema): string {
	const kind = isInt ? 'a whole number' : 'a number';
	const bound = (value: number | null | undefined): value is number =>
		typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER;
	if (bound(minValue) && bound(maxValue)) {
		return `${kind} from ${minValue} to ${maxValue}`;
	}
	if (bound(minValue)) {
		return `${kind} of at least ${minValue}`;
	}
	return bound(maxValue) ? `${kind} of at most ${maxValue}` : kind;
}

// Under `nats` everything may be a secret that slipped into the wrong line, but for these.
const shownOfNats = new Set(['service', 'context', 'monitor', 'peers', 'tls']);

// The address of a webhook is itself a secret as a rule, its headers and a command's arguments may be.
const hiddenOfEscalation = new Set(['command', 'webhook']);

function got(value: unknown, issue: z.core.$ZodIssue, schema: Schema | undefined): string {
	const [top, key] = issue.path;
	const secret =
		(top === 'nats' && !shownOfNats.has(String(key))) ||
		(top === 'escalation' && hiddenOfEscalation.has(String(key)));
	const quotes =
		schema?.def.type === 'string' && (typeof value === 'number' || typeof value === 'boolean')
			? '; put it in quotes'
			: '';
	return `, got ${describeValue(value, secret)}${quotes}`;
}

function describeValue(value: unknown, secret: boolean): string {
	if (value === null || value === undefined) {
		return 'nothing';
	}
	if (typeof value === 'object') {
		return Array.isArray(value) ? 'a list' : 'a section';
	}
	if (value === '') {
		return '""';
	}
	if (secret) {
		return typeof value === 'string' ? 'something else' : `a ${typeof value}`;
	}
	return typeof value === 'string' ? `"${sanitize(redact(sanitize(value)), 80)}"` : String(value);
}

function unknownKey(root: Schema, path: ValuePath, key: string): Problem {
	const known = Object.keys(schemaAt(root, path)?.shape ?? {});
	// `password hunter2: x` is one key to YAML: what does not look like a key is not repeated.
	const looksLikeKey = /^[\w.-]{1,60}$/.test(key);
	const elsewhere = keysOf(root).find((other) => other.endsWith(`.${key}`));
	const meant = nearest(key, known);
	const hint = meant
		? `Did you mean ${meant}?`
		: elsewhere
			? `Did you mean ${elsewhere}?`
			: `The keys here are ${known.join(', ')}.`;
	return {
		path: [...path, key],
		text: looksLikeKey ? `is not a known key. ${hint}` : `this is not a known key. ${hint}`,
	};
}

/** The keys of the sections, as `docker.project`. */
function keysOf(root: Schema): string[] {
	return Object.entries(root.shape ?? {}).flatMap(([section, schema]) =>
		Object.keys(unwrap(schema)?.shape ?? {}).map((key) => `${section}.${key}`),
	);
}

/** A problem as a line: `jetmedic.yaml:12: thresholds.lagWarn: expected ...`. */
export function showProblem(label: string, line: number | undefined, {path, text}: Problem): string {
	const where = line === undefined ? label : `${label}:${line}`;
	const last = path.at(-1);
	const shown = typeof last === 'string' && !/^[\w.-]{1,60}$/.test(last) ? path.slice(0, -1) : path;
	return shown.length > 0 ? `${where}: ${showPath(shown)}: ${text}` : `${where}: ${text}`;
}
