import {describe, expect, it} from 'vitest';
import {keptEvidence} from '../../source/runbook/checks/kept.ts';

describe('keptEvidence', () => {
	const purge = (firstSeq: number, lastSeqAfter: number, keep: number | 'nothing' = 1000, gaps = 0) =>
		keptEvidence({
			keep,
			firstSeq,
			lastSeqBefore: 5000,
			lastSeqAfter,
			messagesAfter: lastSeqAfter - firstSeq + 1 - gaps,
			removed: 4000,
		});

	it('proves that exactly the last were kept', () => {
		expect(purge(4001, 5000)).toEqual({
			ok: true,
			evidence: 'exactly the last 1,000 were kept, from sequence 4001 on; 4,000 removed',
		});
	});

	it.each([
		['one too few', 4002, 5000, false],
		['one too many', 4000, 5000, false],
		['all gone', 5001, 5000, false],
		['published meanwhile: the purge came last', 4011, 5010, true],
		['published meanwhile: the purge came first', 4001, 5010, true],
		['published meanwhile: one too few', 4012, 5010, false],
		['published meanwhile: one too many', 4000, 5010, false],
	])('%s', (_, firstSeq, lastSeqAfter, ok) => {
		expect(purge(firstSeq, lastSeqAfter).ok).toBe(ok);
	});

	it('counts messages, not sequences, where some in between were deleted', () => {
		expect(purge(3991, 5000, 1000, 10).ok).toBe(true);
		expect(purge(4001, 5000, 1000, 10).ok).toBe(false);
	});

	it('proves that nothing was kept', () => {
		expect(purge(5001, 5000, 'nothing').ok).toBe(true);
		expect(purge(5003, 5010, 'nothing').ok).toBe(true);
		expect(purge(5000, 5000, 'nothing').ok).toBe(false);
	});
});
