import {freeBytes, reserveBytes} from '../../clients/disk.ts';
import type {StreamFacts} from '../../state/observation.ts';
import type {CheckResult} from '../../state/run.ts';
import {formatBytes} from '../../text/bytes.ts';

/** Whether the backup's folder, or the nearest above it that is there, has room for the stream. Never throws. */
export async function checkRoom(folder: string, {bytes}: Pick<StreamFacts, 'bytes'>): Promise<CheckResult[]> {
	const name = 'room for the backup';
	try {
		const free = await freeBytes(folder);
		// The archive is compressed, so the stream's own size is more than enough.
		const ok = free > bytes + reserveBytes;
		const evidence = ok
			? `${formatBytes(free)} free`
			: `The backup may need ${formatBytes(bytes)} and ${folder} has ${formatBytes(free)} free. Free space, or run it without a backup.`;
		return [{name, ok, evidence}];
	} catch (error) {
		const evidence = `The folder of the backups can't be used: ${(error as Error).message}.`;
		return [{name, ok: false, evidence}];
	}
}
