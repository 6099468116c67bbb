import {breaks} from '../mutant.ts';

const room = 'test/integration/backup-room.test.ts';
const backup = 'source/clients/nats/backup.ts';

/** What goes is in a backup that was read back. */
export const backups = breaks('Backup before loss', [
	{
		name: 'backup',
		without: 'the backup that every runbook makes before a purge',
		changes: [
			{
				file: 'source/runbook/compile.ts',
				find: 'return isUnsaved ? [{backup: true}, step] : [step];',
				put: 'return isUnsaved ? [step] : [step];',
			},
		],
		test: {file: 'test/runbook/compile.test.ts'},
	},
	{
		name: 'unsaved',
		without: 'the refusal to purge what came after the backup',
		changes: [
			{file: 'source/runbook/steps/purge.ts', find: 'if (unsaved > 0) {', put: 'if (unsaved === null) {'},
		],
		test: {file: 'test/integration/purge.test.ts', name: 'came after the backup'},
	},
	{
		name: 'read-back',
		without: 'the reading of what was written',
		changes: [
			{
				file: backup,
				find: 'const {archive} = await checkBackup(',
				put: 'const {archive} = await (async (..._: unknown[]) => ({archive: {messages: meta.state.messages, consumers: [], sha256, bytes: storedBytes}}))(',
			},
		],
		test: {file: 'test/integration/purge.test.ts', name: 'whose backup the disk did not keep'},
	},
	{
		name: 'checksums',
		without: 'the checksums of an archive’s blocks',
		changes: [
			{
				file: 'source/clients/archive/s2-stream.ts',
				find: 'if (maskedCrc32c(block) !== body.readUInt32LE(0)) {',
				put: 'if (maskedCrc32c(block) < 0) {',
			},
		],
		test: {file: 'test/integration/backup.test.ts', name: 'is refused, and nothing is sent'},
	},
	{
		name: 'fits',
		without: 'the look whether a backup fits before it begins',
		changes: [{file: backup, find: 'if (free < bytes + reserveBytes) {', put: 'if (bytes < 0) {'}],
		test: {file: room, name: 'that can not fit is refused'},
	},
	{
		name: 'fills',
		without: 'the look at the disk while it fills',
		changes: [{file: backup, find: 'if (free < reserveBytes) {', put: 'if (free < 0) {'}],
		test: {file: room, name: 'gives up while the disk still has a little'},
	},
	{
		name: 'backup-left',
		without: 'the removal of what killed backups left',
		changes: [
			{
				file: 'source/runbook/steps/backup.ts',
				find: 'const left = await context.records.backups.removeLeft();',
				put: 'const left: string[] = [];',
			},
		],
		test: {file: 'test/integration/backup-left.test.ts', name: 'is removed by a run'},
	},
	{
		name: 'backup-fresh',
		without: 'the regard for a backup that is still being written',
		changes: [
			{
				file: 'source/clients/nats/backup-left.ts',
				find: 'if (Date.now() - (await stat(path)).mtimeMs > leftAfterMs) {',
				put: 'if ((await stat(path)).mtimeMs > 0 && leftAfterMs > 0) {',
			},
		],
		test: {file: 'test/clients/nats/backup-left.test.ts'},
	},
]);
