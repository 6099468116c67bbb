/** How operators put limits on a stream or a consumer itself (jsm.go, `monitor`; natscli reads the same). */
const prefix = 'io.nats.monitor.';

type Metadata = Record<string, string>;

const read = (metadata: Metadata, key: string): string | undefined =>
	metadata[`${prefix}enabled`] === 'false' || !Object.hasOwn(metadata, prefix + key)
		? undefined
		: metadata[prefix + key];

/** A limit of the metadata; undefined where it is not set, no number, or 0, which turns it off. */
export function monitorNumber(metadata: Metadata, key: string): number | undefined {
	const value = Number(read(metadata, key) ?? 'none');
	return Number.isFinite(value) && value > 0 ? value : undefined;
}

const units: Record<string, number> = {ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000};

/** A time of the metadata in milliseconds, in Go's words (`1m30s`), with days; undefined as for a number. */
export function monitorDuration(metadata: Metadata, key: string): number | undefined {
	const text = read(metadata, key)?.trim() ?? '';
	const parts = [...text.matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h|d)/g)];
	const whole = parts.map(([part]) => part).join('');
	if (parts.length === 0 || whole !== text) {
		return undefined;
	}
	const ms = parts.reduce(
		(sum, [, value, unit = '']) => sum + Number(value) * (units[unit] ?? 86_400_000),
		0,
	);
	return ms > 0 && Number.isFinite(ms) ? ms : undefined;
}
