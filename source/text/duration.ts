const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const two = (n: number): string => String(n).padStart(2, '0');

/** An age in one or two units, as short as an operator reads it: `12 s`, `4 m`, `2h 05m`, `3d 04h`. */
export function formatAge(ageMs: number | undefined): string {
	if (ageMs === undefined || !Number.isFinite(ageMs)) {
		return '-';
	}
	const age = Math.max(0, ageMs);
	if (age < 2 * minute) {
		return `${Math.floor(age / second)} s`;
	}
	if (age < hour) {
		return `${Math.floor(age / minute)} m`;
	}
	if (age < day) {
		return `${Math.floor(age / hour)}h ${two(Math.floor((age % hour) / minute))}m`;
	}
	return `${Math.floor(age / day)}d ${two(Math.floor((age % day) / hour))}h`;
}

/** A measured time with the digits that matter: `0.8 ms`, `12 ms`, `1.4 s`, `3 m 20 s`. */
export function formatElapsed(elapsedMs: number | undefined): string {
	if (elapsedMs === undefined || !Number.isFinite(elapsedMs)) {
		return '-';
	}
	if (elapsedMs < 10) {
		return `${elapsedMs.toFixed(1)} ms`;
	}
	if (elapsedMs < second) {
		return `${Math.round(elapsedMs)} ms`;
	}
	if (elapsedMs < minute) {
		return `${(elapsedMs / second).toFixed(1)} s`;
	}
	return `${Math.floor(elapsedMs / minute)} m ${two(Math.floor((elapsedMs % minute) / second))} s`;
}

/** A countdown: `12:31`, and `-00:12` once it has passed. */
export function formatClock(remainingMs: number): string {
	const total = Math.trunc(remainingMs / second);
	const size = Math.abs(total);
	return `${remainingMs < 0 ? '-' : ''}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** The local time of day of a timestamp: `14:03:22`. */
export function formatTimeOfDay(at: number): string {
	const date = new Date(at);
	return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** A UTC timestamp that is safe in a file name and sorts by time: `20261123T140311Z`. */
export function formatStamp(at: number): string {
	return new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');
}
