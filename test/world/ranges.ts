/** A set of sequences, kept as ranges that are in order and do not touch: a stream of a million messages is one of them. */
export type Ranges = readonly (readonly [from: number, to: number])[];

export const none: Ranges = [];

export const only = (from: number, to: number): Ranges => (from > to ? none : [[from, to]]);

/** How many sequences there are. */
export const sizeOf = (ranges: Ranges): number => ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);

export function union(one: Ranges, other: Ranges): Ranges {
	if (one.length === 0 || other.length === 0) {
		return one.length === 0 ? other : one;
	}
	const sorted = [...one, ...other].sort((a, b) => a[0] - b[0]);
	const out: [number, number][] = [];
	for (const [from, to] of sorted) {
		const last = out.at(-1);
		if (last && from <= last[1] + 1) {
			last[1] = Math.max(last[1], to);
		} else {
			out.push([from, to]);
		}
	}
	return out;
}

/** What of `one` is not in `other`. */
export function without(one: Ranges, other: Ranges): Ranges {
	let left: Ranges = one;
	for (const [from, to] of other) {
		left = left.flatMap(([a, b]): [number, number][] => {
			if (b < from || a > to) {
				return [[a, b]];
			}
			return [
				...(a < from ? [[a, from - 1] as [number, number]] : []),
				...(b > to ? [[to + 1, b] as [number, number]] : []),
			];
		});
	}
	return left;
}

/** What of it lies from `from` to `to`. */
export const between = (ranges: Ranges, from: number, to: number): Ranges =>
	ranges.flatMap(([a, b]): [number, number][] =>
		b < from || a > to ? [] : [[Math.max(a, from), Math.min(b, to)]],
	);

/** The sequence that has so many before it in the set; the last one where there are fewer. */
export function nth(ranges: Ranges, count: number): number | undefined {
	let left = count;
	for (const [from, to] of ranges) {
		const size = to - from + 1;
		if (left < size) {
			return from + left;
		}
		left -= size;
	}
	return ranges.at(-1)?.[1];
}
