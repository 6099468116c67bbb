import {breaks} from '../mutant.ts';

const unverified = 'test/integration/unverified.test.ts';

/** A run is verified by its checks alone. */
export const proof = breaks('Done is proved', [
	{
		name: 'checks',
		without: 'the checks in the result of a run',
		changes: [
			{
				file: 'source/runbook/close-run.ts',
				find: 'ledger.checks.length > 0 && ledger.checks.every(({ok}) => ok)',
				put: 'ledger.checks.length > 0',
			},
		],
		test: {file: 'test/world/schedules-1.test.ts'},
	},
	{
		name: 'samples',
		without: 'the second rise of a floor',
		changes: [
			{
				file: 'source/runbook/checks/samples.ts',
				find: 'export const risesWanted = 2;',
				put: 'export const risesWanted = 1;',
			},
		],
		test: {file: unverified, name: 'whose consumer moved once'},
	},
	{
		name: 'kept',
		without: 'the count of what a purge kept',
		changes: [
			{
				file: 'source/runbook/checks/kept.ts',
				find: 'const ok = messagesAfter - (lastSeqAfter - lastSeqBefore) <= keep && keep <= messagesAfter;',
				put: 'const ok = messagesAfter >= 0 && lastSeqAfter >= lastSeqBefore;',
			},
		],
		test: {file: 'test/runbook/kept.test.ts'},
	},
]);
