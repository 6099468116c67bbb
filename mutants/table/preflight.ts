import {breaks} from '../mutant.ts';

const refusals = 'test/integration/refusals.test.ts';

/** What fails is refused before anything is touched. */
export const preflight = breaks('Preflight', [
	{
		name: 'preflight',
		without: 'the end of a run whose preflight failed',
		changes: [
			{
				file: 'source/runbook/steps/preflight.ts',
				find: 'if (failed.length > 0) {',
				put: 'if (failed.length < 0) {',
			},
		],
		test: {
			file: 'test/integration/runs.test.ts',
			name: 'of a stream with deny_purge is refused before anything is touched',
		},
	},
	{
		name: 'jetstream-off',
		without: 'the look whether JetStream is on',
		changes: [
			{
				file: 'source/runbook/preflight/jetstream.ts',
				find: 'const off = await checkJetStream(jetstream);',
				put: 'const off: CheckResult[] = []; void checkJetStream;',
			},
		],
		test: {file: refusals, name: 'where JetStream is off'},
	},
	{
		name: 'permissions',
		without: 'the look at what the credentials may do',
		changes: [
			{
				file: 'source/runbook/preflight/permissions.ts',
				find: 'if (denied.length > 0) {',
				put: 'if (denied.length < 0) {',
			},
		],
		test: {file: refusals, name: 'without the right to'},
	},
	{
		name: 'containers',
		without: 'the look whether what is stopped can be started again',
		changes: [
			{
				file: 'source/runbook/preflight/preflight.ts',
				find: '...(await checkContainers(deployment.engine, services, facts, needs)),',
				put: '...(await checkContainers(deployment.engine, services, facts, needs)).slice(0, 0),',
			},
		],
		test: {
			file: 'test/integration/own-runbooks.test.ts',
			name: 'that names a service which is not there touches nothing',
		},
	},
	{
		name: 'other-run',
		without: 'the look at other runs in a plan',
		changes: [
			{
				file: 'source/runbook/preflight/preflight.ts',
				find: 'isRunning ? [] : checkOtherRun(context)',
				put: 'isRunning || checkOtherRun ? [] : []',
			},
		],
		test: {file: 'test/integration/lock.test.ts', name: 'another user is refused'},
	},
	{
		name: 'backup-room',
		without: 'the look whether the backup has room',
		changes: [
			{
				file: 'source/runbook/preflight/room.ts',
				find: 'const ok = free > bytes + backups.reserveBytes;',
				put: 'const ok = free > bytes || backups.reserveBytes > 0;',
			},
		],
		test: {file: 'test/integration/backup-room.test.ts', name: 'of a run that can not fit'},
	},
	{
		name: 'booting',
		without: 'the patience with a server that is booting',
		changes: [
			{
				file: 'source/runbook/steps/restart-services.ts',
				find: 'if (booting !== undefined) {',
				put: 'if (booting === Number.POSITIVE_INFINITY) {',
			},
		],
		test: {file: 'test/integration/runs.test.ts', name: 'waits for a server that is booting'},
	},
	{
		name: 'booting-purge',
		without: 'the refusal to purge a server that is booting',
		changes: [
			{
				file: 'source/runbook/preflight/server.ts',
				find: "{name, ok: false, evidence: 'NATS is booting.",
				put: "{name, ok: true, evidence: 'NATS is booting.",
			},
		],
		test: {file: 'test/runbook/preflight/checks.test.ts', name: 'is refused'},
	},
	{
		name: 'dead-disk',
		without: 'the end of the wait for a disk that does not answer',
		changes: [
			{
				file: 'source/clients/disk.ts',
				find: 'return await Promise.race([asked, late]);',
				put: 'void late.catch(() => {}); return await asked;',
			},
		],
		test: {file: 'test/clients/disk.test.ts', name: 'that does not answer is waited for once'},
	},
]);
