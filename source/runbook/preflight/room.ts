import type {Backups} from '../../records/records.ts';
import type {StreamFacts} from '../../state/observation.ts';
import type {CheckResult} from '../../state/run.ts';
import {formatBytes} from '../../text/bytes.ts';

/** Whether the backup's folder, or the nearest above it that is there, has room for the stream. Never throws. */
export async function checkRoom(
	backups: Backups,
	{bytes}: Pick<StreamFacts, 'bytes'>,
): Promise<CheckResult[]> {
	const name = 'room for the backup';
	try {
		const free = await backups.freeBytes();
		// The archive is compressed, so the stream's own size is more than enough.
		const ok = free > bytes + backups.reserveBytes;
		const evidence = ok
			? `${formatBytes(free)} free`
			: `The backup may need ${formatBytes(bytes)} and ${backups.folder} has ${formatBytes(free)} free. Free space, or run it without a backup.`;
		return [{name, ok, evidence}];
	} catch (error) {
		const evidence = `The folder of the backups can't be used: ${(error as Error).message}.`;
		return [{name, ok: false, evidence}];
	}
}
