import {describe, expect, it} from 'vitest';
import {hasStopped, type SeenBeat, seeBeat} from '../../source/lock/heartbeat.ts';

/** Looks at each of these moments, in seconds, and finds that count. */
const look = (...looks: [second: number, of: string, beat: string][]): SeenBeat =>
	looks.reduce<SeenBeat | undefined>(
		(before, [second, of, beat]) => seeBeat(before, of, beat, second * 1000),
		undefined,
	)!;
const still = (seconds: number, beat = '7'): [number, string, string][] =>
	Array.from({length: seconds + 1}, (_, second) => [second, 'a', beat]);

describe('a heartbeat', () => {
	it('has stopped once it was seen to stand still for ten seconds', () => {
		expect(hasStopped(look([0, 'a', '7']))).toBe(false);
		expect(hasStopped(look(...still(9)))).toBe(false);
		expect(hasStopped(look(...still(10)))).toBe(true);
	});

	it('that the engine has not heard for ten seconds stops when it misses another beat', () => {
		expect(hasStopped(look(...still(2)), 60_000)).toBe(false);
		expect(hasStopped(look(...still(3)), 60_000)).toBe(true);
		expect(hasStopped(look(...still(3)), 9000)).toBe(false);
	});

	it('beats on with every new count, also a lower one', () => {
		expect(hasStopped(look(...still(9), [10, 'a', '8']))).toBe(false);
		expect(hasStopped(look(...still(10), [11, 'a', '1']))).toBe(false);
	});

	it('of another run is another heart', () => {
		expect(hasStopped(look(...still(10), [11, 'b', '7']))).toBe(false);
	});

	it('is not heard while nobody answers: that time does not count', () => {
		expect(hasStopped(look([0, 'a', '7'], [1, 'a', '7'], [12, 'a', '7']))).toBe(false);
	});
});
