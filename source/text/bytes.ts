const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/**
A number of bytes in binary units, as natscli prints them: `0 B`, `64 MiB`, `1.4 GiB`.

@param bytes - Bytes; a negative or unknown number gives `-`.
@param digits - Digits after the point from KiB up; none when omitted and the value is 10 or more.
*/
export function formatBytes(bytes: number | undefined, digits?: number): string {
	if (bytes === undefined || !Number.isFinite(bytes) || bytes < 0) {
		return '-';
	}
	let value = bytes;
	let unit = 0;
	while (value >= 1023.5 && unit < units.length - 1) {
		value /= 1024;
		unit++;
	}
	const places = unit === 0 ? 0 : (digits ?? (value < 9.95 && value % 1 !== 0 ? 1 : 0));
	return `${value.toFixed(places)} ${units[unit]}`;
}
