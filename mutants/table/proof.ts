import {breaks} from '../mutant.ts';

const unverified = 'test/integration/unverified.test.ts';

/** A run is verified by its checks alone. */
export const proof = breaks('Done is proved', [
	{
		name: 'checks',
		without: 'the checks in the result of a run',
		changes: [
			{
				file: 'source/runbook/execute.ts',
				find: ': checks.length > 0 && checks.every(({ok}) => ok)',
				put: ': checks.length > 0',
			},
		],
		test: {file: unverified, name: 'whose consumer stands still'},
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
		name: 'endpoints',
		without: 'the health endpoints among the checks',
		changes: [
			{
				file: 'source/runbook/checks/make-checks.ts',
				find: '...config.health.map((endpoint) => healthCheck(endpoint, signal)),',
				put: '...config.health.slice(0, 0).map((endpoint) => healthCheck(endpoint, signal)),',
			},
		],
		test: {file: unverified, name: 'whose service has not reconnected'},
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
	{
		name: 'waits-for-services',
		without: 'the wait for the services after a restart',
		changes: [
			{
				file: 'source/runbook/steps/wait-endpoints.ts',
				find: "const missing = answers.filter(({answer}) => answer.status !== 'healthy');",
				put: 'const missing = answers.slice(0, 0);',
			},
		],
		test: {file: 'test/integration/lock.test.ts', name: 'another user is refused'},
	},
]);
