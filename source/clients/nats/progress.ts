/** How far a backup or a restore is. */
export type TransferProgress = {
	/** In words: `12 MiB written`. */
	text: string;
	/**
	From 0 to 1, never back. While a backup is written it is an estimate: what the archive will take is not known, so
	what it holds is taken against the stream's bytes.
	*/
	fraction: number;
};

const everyMs = 250;

/** Passes progress on at most four times a second. What it says is only made when it is passed on. */
export function paced(
	onProgress: ((progress: TransferProgress) => void) | undefined,
): (progress: () => TransferProgress) => void {
	let toldAt = Number.NEGATIVE_INFINITY;
	return (progress) => {
		if (onProgress !== undefined && performance.now() - toldAt >= everyMs) {
			toldAt = performance.now();
			onProgress(progress());
		}
	};
}
