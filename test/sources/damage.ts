/** What may come back instead of an answer. */
export type Damage = {
	name: string;
	/** The text of it, from the right answer and from that to another question. */
	of: (right: string, other: string) => string;
	/** As NATS itself fails: an error with this code instead of any text. */
	code?: string;
};

const refusal = (code: number, error: number | undefined, description: string) => () =>
	JSON.stringify({
		error: {code, ...(error !== undefined && {err_code: error}), description},
	});

/** Of one refusal, of nothing at all, and of what is no answer. */
export const damages: Damage[] = [
	{name: 'no leader (10008)', of: refusal(503, 10_008, 'JetStream system temporarily unavailable')},
	{name: 'no resources (10023)', of: refusal(503, 10_023, 'insufficient resources')},
	{name: '500', of: refusal(500, undefined, 'internal error')},
	{name: 'an error without a word', of: () => '{"error":{}}'},
	{name: 'nothing', of: () => ''},
	{name: 'null', of: () => 'null'},
	{name: 'an empty object', of: () => '{}'},
	{name: 'an empty list', of: () => '[]'},
	{name: 'a number', of: () => '5'},
	{name: 'a half of it', of: (right) => right.slice(0, right.length / 2)},
	{name: 'a page of HTML', of: () => '<html><body>Welcome</body></html>'},
	{name: 'the answer to another question', of: (_, other) => other},
	{name: 'all values of another type', of: (right) => changed(right, otherTypes)},
	{name: 'all lists null', of: (right) => changed(right, withoutLists)},
	{name: 'nested without end', of: () => `${'['.repeat(100_000)}${']'.repeat(100_000)}`},
	{name: 'very long', of: () => `"${'x'.repeat(5 << 20)}"`},
	{name: 'silence', of: () => '', code: 'TIMEOUT'},
	{name: 'nobody', of: () => '', code: '503'},
	{name: 'a denial', of: () => '', code: 'PERMISSIONS_VIOLATION'},
];

/** The text with its values changed; one that is no JSON has none. */
function changed(right: string, change: (value: unknown) => unknown): string {
	try {
		return JSON.stringify(change(JSON.parse(right)));
	} catch {
		return right;
	}
}

/** Figures become words, words lists, lists words. */
function otherTypes(value: unknown): unknown {
	if (Array.isArray(value)) {
		return value.length === 0 ? 'none' : value.map(otherTypes);
	}
	switch (typeof value) {
		case 'number':
			return String(value);
		case 'string':
			return [value];
		case 'object':
			return value === null
				? 'null'
				: Object.fromEntries(Object.entries(value).map(([key, part]) => [key, otherTypes(part)]));
		default:
			return value;
	}
}

function withoutLists(value: unknown): unknown {
	if (Array.isArray(value)) {
		return null;
	}
	return typeof value === 'object' && value !== null
		? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withoutLists(part)]))
		: value;
}
