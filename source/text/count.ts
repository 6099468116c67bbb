const grouped = new Intl.NumberFormat('en-US', {maximumFractionDigits: 0});

/** A whole number with thousands separated, as natscli prints them: `1,240,112`. Unknown gives `-`. */
export function formatCount(count: number | undefined): string {
	return count === undefined || !Number.isFinite(count) ? '-' : grouped.format(count);
}

/** A number in at most five columns: `999`, `12.3k`, `1.2M`. Used where a column is narrow, as on an axis. */
export function formatShort(count: number | undefined): string {
	if (count === undefined || !Number.isFinite(count)) {
		return '-';
	}
	const size = Math.abs(count);
	for (const [limit, suffix] of [
		[1e9, 'G'],
		[1e6, 'M'],
		[1e3, 'k'],
	] as const) {
		if (size >= limit) {
			const value = count / limit;
			return `${value.toFixed(Math.abs(value) < 99.95 ? 1 : 0)}${suffix}`;
		}
	}
	return count % 1 === 0 ? String(count) : count.toFixed(1);
}

/** A rate in one word: `840/s`, `1.2k/s`, `0.4/s`. Unknown gives `-`. */
export function formatRate(perSecond: number | undefined): string {
	if (perSecond === undefined || !Number.isFinite(perSecond)) {
		return '-';
	}
	const size = Math.abs(perSecond);
	const text = size > 0 && size < 9.95 ? perSecond.toFixed(1) : formatShort(Math.round(perSecond));
	return `${text}/s`;
}

/** `1 message`, `2 messages`: the count with its noun, in the plural where it needs one. */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
	return `${formatCount(count)} ${count === 1 ? noun : nouns}`;
}
