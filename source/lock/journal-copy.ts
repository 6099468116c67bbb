import type {JournalEvent} from '../records/event.ts';

/** The names of the files that a copy consists of. */
export const beatFile = 'beat';
const partName = (index: number): string => `journal-${String(index).padStart(4, '0')}`;

// A part is written anew with each line that comes to it; a full one never again.
const partBytes = 64 << 10;
// Beyond this, how far a step is is no longer copied; the other lines of a run are few.
const maxParts = 64;

export type JournalCopy = {
	add(event: JournalEvent): void;
	/** Writes at once what is still to be written. Never throws: what could not be written is tried again later. */
	flush(): Promise<void>;
	/** Writes what is still to be written, and ends. Never throws, and never takes longer than a write. */
	close(): Promise<void>;
};

/**
Copies a run's journal to where others can read it, in the background: a failure is tried again with the next
heartbeat, and nothing waits for it.

@param write - Writes files, over those of the same name.
@param onFailure - Decides after a failed write: `again` writes everything anew with the next heartbeat, as after the place of the copy
was lost and made again.
*/
export function copyJournal(
	write: (files: Record<string, string>) => Promise<void>,
	onFailure: (error: unknown) => Promise<'again' | 'rest'>,
	{everyMs, beatMs}: {everyMs: number; beatMs: number},
): JournalCopy {
	const parts: string[] = [];
	let sent = 0;
	let beat = 0;
	let isDirty = false;
	let isUrgent = false;
	let isClosed = false;
	let writing: Promise<void> | undefined;
	let timer: NodeJS.Timeout | undefined;

	const writeOnce = async (): Promise<void> => {
		isDirty = false;
		isUrgent = false;
		const [from, to] = [sent, parts.length];
		const files = parts.slice(from, to).map((text, index) => [partName(from + index), text]);
		try {
			await write({[beatFile]: String(++beat), ...Object.fromEntries(files)});
			// The last part may still grow.
			sent = Math.max(0, to - 1);
		} catch (error) {
			sent = (await onFailure(error).catch(() => 'rest')) === 'again' ? 0 : from;
		}
	};
	const flush = (): Promise<void> => {
		clearTimeout(timer);
		writing ??= writeOnce().finally(() => {
			writing = undefined;
			if (!isClosed) {
				schedule();
			}
		});
		return writing;
	};
	const flushAll = async (): Promise<void> => {
		await writing;
		if (isDirty) {
			await flush();
		}
	};
	const schedule = (): void => {
		clearTimeout(timer);
		timer = setTimeout(() => void flush(), isUrgent ? 0 : isDirty ? everyMs : beatMs).unref();
	};
	timer = setTimeout(() => void flush(), everyMs).unref();

	return {
		add(event) {
			if (isClosed || (event.event === 'progress' && parts.length >= maxParts)) {
				return;
			}
			const line = `${JSON.stringify(event)}\n`;
			const last = parts.length - 1;
			if (last < 0 || parts[last]!.length + line.length > partBytes) {
				parts.push(line);
			} else {
				parts[last] += line;
			}
			const wasScheduled = isDirty && (isUrgent || !matters(event));
			isDirty = true;
			isUrgent ||= matters(event);
			if (!writing && !wasScheduled) {
				schedule();
			}
		},
		flush: flushAll,
		async close() {
			isClosed = true;
			await flushAll();
			clearTimeout(timer);
		},
	};
}

/** Whether who finishes a run that was killed needs the line: it goes on its way at once. */
const matters = ({event}: JournalEvent): boolean => event !== 'progress' && event !== 'check';

/** The journal that the files of a copy hold, as text. */
export const copiedJournal = (files: Record<string, string>): string =>
	Object.keys(files)
		.filter((name) => name.startsWith('journal-'))
		.sort()
		.map((name) => files[name])
		.join('');
