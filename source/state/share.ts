/**
The next value with as much of the previous one as is equal, by reference: what did not change is the same
object, so that whoever selects it is not told of a change. For plain JSON-like values.
*/
export function share<T>(previous: unknown, next: T): T {
	if (Object.is(previous, next)) {
		return next;
	}
	if (Array.isArray(previous) && Array.isArray(next)) {
		const shared = next.map((item, index) => share(previous[index], item));
		const same =
			previous.length === next.length && shared.every((item, index) => Object.is(item, previous[index]));
		return (same ? previous : shared) as T;
	}
	if (isPlain(previous) && isPlain(next)) {
		const keys = Object.keys(next);
		const shared = Object.fromEntries(
			keys.map((key) => [key, share(Object.hasOwn(previous, key) ? previous[key] : undefined, next[key])]),
		);
		const same =
			keys.length === Object.keys(previous).length &&
			keys.every((key) => Object.hasOwn(previous, key) && Object.is(shared[key], previous[key]));
		return (same ? previous : shared) as T;
	}
	return next;
}

function isPlain(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
