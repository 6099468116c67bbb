import {describe, expect, it, vi} from 'vitest';
import {describe as words} from '../../lab/services/errors.ts';
import {limited} from '../../lab/services/log.ts';

describe("the services' words for failures", () => {
	it('tells a full stream from missing responders, which share the code 503', () => {
		expect(words({code: '503', message: '503'})).toBe('no responders');
		const full = {
			code: '503',
			message: '503',
			api_error: {err_code: 10077, description: 'maximum bytes exceeded'},
		};
		expect(words(full)).toBe('maximum bytes exceeded (10077)');
	});

	it.each([
		[{code: 'TIMEOUT', message: 'TIMEOUT'}, 'timeout'],
		[{code: 'CONNECTION_REFUSED', message: 'x'}, 'connection refused'],
		[new Error('something else'), 'something else'],
	])('says %o as the runbook does', (error, expected) => {
		expect(words(error)).toBe(expected);
	});
});

describe('limited', () => {
	it('writes a repeated line once, and the same line about another thing', () => {
		const lines: unknown[] = [];
		const log = limited((_level, msg, extra) => lines.push([msg, extra?.['what']]), 60_000);
		log('error', 'timeout', {what: 'publish'});
		log('error', 'timeout', {what: 'publish'});
		log('error', 'timeout', {what: 'connect'});
		expect(lines).toEqual([
			['timeout', 'publish'],
			['timeout', 'connect'],
		]);
	});

	it('says how many were left out once the time is over', () => {
		vi.useFakeTimers();
		try {
			const repeats: unknown[] = [];
			const log = limited((_level, _msg, extra) => repeats.push(extra?.['repeated']), 1000);
			for (let n = 0; n < 3; n++) log('error', 'timeout');
			vi.advanceTimersByTime(1001);
			log('error', 'timeout');
			expect(repeats).toEqual([undefined, 2]);
		} finally {
			vi.useRealTimers();
		}
	});
});
