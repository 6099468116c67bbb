/**
The value that a record itself has under a key. Names of streams, consumers and services come from outside:
`constructor` or `__proto__` must not find what every object inherits.
*/
export function own<T>(record: Record<string, T>, key: string): T | undefined {
	return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** The record with the value under the key: the same record where it has that very value already. */
export function put<T>(record: Record<string, T>, key: string, value: T): Record<string, T> {
	return own(record, key) === value && value !== undefined ? record : {...record, [key]: value};
}
