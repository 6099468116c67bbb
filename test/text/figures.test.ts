import {describe, expect, it} from 'vitest';
import {formatBytes} from '../../source/text/bytes.ts';
import {formatCount, formatRate, formatShort, plural} from '../../source/text/count.ts';
import {
	formatAge,
	formatClock,
	formatElapsed,
	formatStamp,
	formatTimeOfDay,
} from '../../source/text/duration.ts';

const unknown = [undefined, Number.NaN, Number.POSITIVE_INFINITY];
const minute = 60_000;
const hour = 60 * minute;

describe('formatBytes', () => {
	it.each([
		[0, '0 B'],
		[1023, '1023 B'],
		[1024, '1 KiB'],
		[1536, '1.5 KiB'],
		[64 << 20, '64 MiB'],
		[1_503_238_553, '1.4 GiB'],
		[1024 ** 2 - 1, '1.0 MiB'],
		[5 * 1024 ** 5, '5 PiB'],
		[5000 * 1024 ** 5, '5000 PiB'],
	])('%d is %s', (bytes, text) => {
		expect(formatBytes(bytes)).toBe(text);
	});

	it('has as many digits as asked for', () => {
		expect(formatBytes(1536, 2)).toBe('1.50 KiB');
		expect(formatBytes(512, 2)).toBe('512 B');
	});

	it.each([...unknown, -1])('%s is unknown', (bytes) => {
		expect(formatBytes(bytes)).toBe('-');
	});
});

describe('counts', () => {
	it('separates thousands', () => {
		expect(formatCount(1_240_112)).toBe('1,240,112');
		expect(formatCount(999)).toBe('999');
		expect(formatCount(-1000)).toBe('-1,000');
	});

	it.each([
		[0, '0'],
		[999, '999'],
		[1000, '1.0k'],
		[12_345, '12.3k'],
		[99_940, '99.9k'],
		[99_960, '100k'],
		[1_240_112, '1.2M'],
		[3e9, '3.0G'],
		[0.25, '0.3'],
	])('%d is %s in a narrow column', (count, text) => {
		expect(formatShort(count)).toBe(text);
		expect(formatShort(count).length).toBeLessThanOrEqual(5);
	});

	it.each([
		[0, '0/s'],
		[0.4, '0.4/s'],
		[9.9, '9.9/s'],
		[14.2, '14/s'],
		[840, '840/s'],
		[1234, '1.2k/s'],
		[-14.2, '-14/s'],
	])('%d a second is %s', (rate, text) => {
		expect(formatRate(rate)).toBe(text);
	});

	it.each(unknown)('%s is unknown', (count) => {
		expect([formatCount(count), formatShort(count), formatRate(count)]).toEqual(['-', '-', '-']);
	});

	it('has the plural where it needs one', () => {
		expect(plural(1, 'message')).toBe('1 message');
		expect(plural(0, 'message')).toBe('0 messages');
		expect(plural(2000, 'entry', 'entries')).toBe('2,000 entries');
	});
});

describe('durations', () => {
	it.each([
		[-5, '0 s'],
		[12_900, '12 s'],
		[119_999, '119 s'],
		[2 * minute, '2 m'],
		[59.9 * minute, '59 m'],
		[2 * hour + 5 * minute, '2h 05m'],
		[76 * hour, '3d 04h'],
	])('an age of %d ms is %s', (ms, text) => {
		expect(formatAge(ms)).toBe(text);
	});

	it.each([
		[0.84, '0.8 ms'],
		[12.4, '12 ms'],
		[1400, '1.4 s'],
		[200_000, '3 m 20 s'],
		[3_605_000, '60 m 05 s'],
	])('%d ms measured are %s', (ms, text) => {
		expect(formatElapsed(ms)).toBe(text);
	});

	it.each([
		[12 * minute + 31_999, '12:31'],
		[0, '00:00'],
		[-12_000, '-00:12'],
		[100 * minute, '100:00'],
	])('%d ms left are %s', (ms, text) => {
		expect(formatClock(ms)).toBe(text);
	});

	it.each(unknown)('%s is unknown', (ms) => {
		expect([formatAge(ms), formatElapsed(ms)]).toEqual(['-', '-']);
	});

	it('says the time of day in local time', () => {
		expect(formatTimeOfDay(new Date(2026, 10, 23, 4, 3, 2).getTime())).toBe('04:03:02');
	});

	it('makes stamps that sort by time and are safe in file names', () => {
		const stamps = [Date.UTC(2026, 10, 23, 14, 3, 11), Date.UTC(2026, 10, 23, 14, 3, 12, 999)].map(
			formatStamp,
		);
		expect(stamps).toEqual(['20261123T140311Z', '20261123T140312Z']);
	});
});
