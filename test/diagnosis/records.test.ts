import {expect, test} from 'vitest';
import {isCalm} from '../../source/diagnosis/status.ts';
import {now, observe, up, well} from '../state/fixture.ts';
import {ids, symptom, symptoms} from './fixture.ts';

const down = {
	kind: 'source',
	source: 'records',
	status: 'down',
	error: '/state cannot be written: permission denied',
	at: now - 60_000,
} as const;

test('that nothing can be recorded is a warning of its own, and keeps no incident from its end', () => {
	expect(symptom('records-failed', [down])).toMatchObject({
		severity: 'warning',
		evidence: '/state cannot be written: permission denied',
	});
	expect(ids([down])).toEqual(['records-failed']);
	expect(isCalm(observe(well(), down), symptoms([down]))).toBe(true);
	expect(ids([down, up('records', now)])).toEqual([]);
});
