import {sanitize} from '../text/sanitize.ts';

/** The candidate that was probably meant by a mistyped word, or undefined where none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
	const plain = fold(word);
	let best: {candidate: string; distance: number} | undefined;
	for (const candidate of candidates) {
		const most = Math.max(1, Math.floor(candidate.length / 3));
		const other = fold(candidate);
		// Of thousands of streams few have the right length.
		if (Math.abs(plain.length - other.length) > most) {
			continue;
		}
		const distance = editDistance(plain, other);
		if (distance <= most && distance < (best?.distance ?? Infinity)) {
			best = {candidate, distance};
		}
	}
	return best?.candidate;
}

/** ` Did you mean ORDERS?`, with a space before it; nothing where no name is near. */
export function didYouMean(name: string, others: readonly string[]): string {
	const meant = nearest(name, others);
	return meant === undefined ? '' : ` Did you mean ${sanitize(meant, 200)}?`;
}

/** `lag_warn`, `lag-warn` and `LagWarn` are all meant for `lagWarn`. */
const fold = (word: string): string => word.slice(0, 60).toLowerCase().replace(/[-_]/g, '');

/** Insertions, deletions, replacements and swaps of neighbours that make one word of the other. */
function editDistance(a: string, b: string): number {
	let beforeLast: number[] = [];
	let last = Array.from({length: b.length + 1}, (_, column) => column);
	for (let row = 1; row <= a.length; row++) {
		const current = [row];
		for (let column = 1; column <= b.length; column++) {
			const same = a[row - 1] === b[column - 1];
			let cost = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + (same ? 0 : 1));
			if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
				cost = Math.min(cost, beforeLast[column - 2]! + 1);
			}
			current.push(cost);
		}
		beforeLast = last;
		last = current;
	}
	return last[b.length]!;
}
