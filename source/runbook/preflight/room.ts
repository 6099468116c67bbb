import {existsSync} from 'node:fs';
import {statfs} from 'node:fs/promises';
import {dirname} from 'node:path';
import type {StreamFacts} from '../../state/observation.ts';
import type {CheckResult} from '../../state/run.ts';
import {formatBytes} from '../../text/bytes.ts';

// Beside the archive: its description, the journal.
const spareBytes = 16 << 20;

/** Whether the backup's folder has room for the stream. */
export async function checkRoom(folder: string, {bytes}: Pick<StreamFacts, 'bytes'>): Promise<CheckResult[]> {
	const name = 'room for the backup';
	try {
		const disk = await statfs(existing(folder));
		const free = disk.bavail * disk.bsize;
		// The archive is compressed, so the stream's own size is more than enough.
		const ok = free > bytes + spareBytes;
		const evidence = ok
			? `${formatBytes(free)} free`
			: `The backup may need ${formatBytes(bytes)} and ${folder} has ${formatBytes(free)} free. Free space, or run it without a backup.`;
		return [{name, ok, evidence}];
	} catch (error) {
		const evidence = `The folder of the backups can't be used: ${(error as Error).message}.`;
		return [{name, ok: false, evidence}];
	}
}

/** The folder itself, or the nearest above it that is there: a run makes what is missing. */
const existing = (folder: string): string => (existsSync(folder) ? folder : existing(dirname(folder)));
