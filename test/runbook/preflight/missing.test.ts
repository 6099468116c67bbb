import {describe, expect, it} from 'vitest';
import {judgeMissingStream, unsavedConsumer} from '../../../source/runbook/preflight/missing.ts';

const others = ['ORDERS', 'PAYMENTS'];

describe('a stream that the server does not know', () => {
	it('is created by a recovery that has its configuration', () => {
		expect(judgeMissingStream({name: 'ORDRES', others, isSaved: true}, true)).toEqual({
			name: 'ORDRES',
			ok: true,
			evidence: 'the server does not know ORDRES; it will be created from its saved configuration',
		});
		expect(judgeMissingStream({name: 'ORDRES', others, isSaved: true}, false)).toEqual({
			name: 'ORDRES',
			ok: false,
			evidence: 'The server does not know ORDRES. Run full recovery (F).',
		});
	});

	it.each([true, false])('is a mistyped name where none was ever saved; recreates: %s', (recreates) => {
		const {ok, evidence} = judgeMissingStream({name: 'ORDRES', others, isSaved: false}, recreates);
		expect(ok).toBe(false);
		expect(evidence).toBe(
			'The server does not know ORDRES, and no configuration of it was ever saved here. Did you mean ORDERS? Correct stream in the configuration, or use --stream.',
		);
	});

	it.each([true, false])('is never sent to a recovery that refuses; recreates: %s', (recreates) => {
		const {evidence} = judgeMissingStream({name: 'AUDIT', others, isSaved: false}, recreates);
		expect(evidence).toMatch(
			/no configuration of it was ever saved here\. Check stream in the configuration\.$/,
		);
		expect(evidence).not.toMatch(/\(F\)|recover/);
	});
});

it('a consumer that was never saved may be mistyped, too', () => {
	expect(unsavedConsumer({name: 'worke', others: ['worker']})).toBe(
		'No configuration of worke was ever saved here. Did you mean worker? Correct consumer in the configuration, or use --consumer.',
	);
	expect(unsavedConsumer({name: 'worke', others: ['audit']})).toMatch(/Restart its service \(S\)/);
});
