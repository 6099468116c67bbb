import type {ValuePath} from './parse.ts';

export type Values = Record<string, unknown>;

export function isSection(value: unknown): value is Values {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path, or undefined. */
export function valueAt(values: unknown, path: ValuePath): unknown {
	let value = values;
	for (const segment of path) {
		if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) {
			return undefined;
		}
		value = (value as Record<PropertyKey, unknown>)[segment];
	}
	return value;
}

/** A copy with another value at the path; what lies on the way must be sections. */
export function withValueAt(values: Values, path: readonly string[], value: unknown): Values {
	const [key, ...rest] = path;
	if (key === undefined) {
		return values;
	}
	const inner = values[key];
	return {...values, [key]: rest.length > 0 && isSection(inner) ? withValueAt(inner, rest, value) : value};
}

/**
The base with what is given over it: sections key by key, everything else (lists too) as a whole. A section
without content, as one is whose lines are all commented out, counts as left out.
*/
export function merge(base: Values, given: Values): Values {
	const merged = new Map(Object.entries(base));
	for (const [key, value] of Object.entries(given)) {
		const below = Object.hasOwn(base, key) ? base[key] : undefined;
		if (!isSection(below)) {
			merged.set(key, value);
		} else if (value !== null) {
			merged.set(key, isSection(value) ? merge(below, value) : value);
		}
	}
	// fromEntries defines, and does not assign: a key `__proto__` stays a key, and is refused as unknown.
	return Object.fromEntries(merged);
}

/** A path as the operator would write it: `health[0].url`. */
export function showPath(path: ValuePath): string {
	return path
		.map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i ? '.' : ''}${String(part)}`))
		.join('');
}
