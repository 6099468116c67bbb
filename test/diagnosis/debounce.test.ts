import {describe, expect, test} from 'vitest';
import {debounce, nothingPending} from '../../source/diagnosis/debounce.ts';
import type {Symptom} from '../../source/diagnosis/finding.ts';

const slow: Symptom = {id: 'slow', severity: 'warning', title: 'slow', evidence: '', afterMs: 3000};
const quick: Symptom = {id: 'quick', severity: 'warning', title: 'quick', evidence: ''};

function watch(...looks: [number, ...Symptom[]][]) {
	let pending = nothingPending;
	return looks.map(([now, ...symptoms]) => {
		const step = debounce(pending, symptoms, now);
		pending = step.pending;
		return step.symptoms.map(({id, beganAt}) => (beganAt === undefined ? id : `${id}@${beganAt}`));
	});
}

describe('what must last before it is a finding', () => {
	test('is one from then on, with its age from the first look', () => {
		expect(watch([0, slow], [2999, slow], [3000, slow], [9000, slow])).toEqual([
			[],
			[],
			['slow@0'],
			['slow@0'],
		]);
	});

	test('begins anew after a pause', () => {
		expect(watch([0, slow], [2000], [3000, slow], [5999, slow], [6000, slow])).toEqual([
			[],
			[],
			[],
			[],
			['slow@3000'],
		]);
	});

	test('is not waited for where nothing has to last', () => {
		expect(watch([0, quick])).toEqual([['quick']]);
	});

	test('a clock that was set back does not make it wait for ever', () => {
		expect(watch([100_000, slow], [1000, slow], [4000, slow])[2]).toEqual(['slow@1000']);
	});

	test('keeps the time that the evidence itself tells', () => {
		expect(watch([5000, {...slow, afterMs: 0, beganAt: 7}])).toEqual([['slow@7']]);
	});

	test('a symptom may be called as what every object has', () => {
		expect(watch([0, {...slow, id: 'constructor'}], [3000, {...slow, id: 'constructor'}])[1]).toEqual([
			'constructor@0',
		]);
	});
});
