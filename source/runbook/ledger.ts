import type {Clock} from '../deployment/clock.ts';
import type {JournalEntry, JournalEvent} from '../records/event.ts';
import type {Journal} from '../records/journal.ts';
import type {CheckResult} from '../state/run.ts';

/** The journal of a run while it runs, with what its lines add up to. */
export type Ledger = {
	/** Services that the run stopped and has not started again. */
	readonly stopped: ReadonlySet<string>;
	/** The newest result of each named check. */
	readonly checks: readonly CheckResult[];
	/** Writes a line: it is on disk when this returns. @throws when it cannot be written, until `giveWay` was called. */
	write(entry: JournalEntry): void;
	/** From now on a line that cannot be written is shown and stops nothing: a service left stopped is worse. */
	giveWay(): void;
	close(): void;
	/** Removes the journal of a run that did not begin. */
	discard(): void;
};

/** @param show - Gets each line, without secrets, after it was written. */
export function openLedger(journal: Journal, clock: Clock, show: (event: JournalEvent) => void): Ledger {
	const stopped = new Set<string>();
	const checks: CheckResult[] = [];
	let mayFail = false;
	return {
		stopped,
		checks,
		write(entry) {
			const event = {...entry, at: clock.now()};
			track(entry, stopped, checks);
			try {
				journal.write(event);
			} catch (error) {
				if (!mayFail) {
					throw error;
				}
			}
			show(journal.clean(event));
		},
		giveWay() {
			mayFail = true;
		},
		close: () => journal.close(),
		discard: () => journal.discard(),
	};
}

function track(entry: JournalEntry, stopped: Set<string>, checks: CheckResult[]): void {
	if (entry.event === 'stopping') {
		for (const service of entry.services) {
			stopped.add(service);
		}
	} else if (entry.event === 'restored') {
		for (const service of entry.services) {
			stopped.delete(service);
		}
	} else if (entry.event === 'check') {
		const {event: _event, ...check} = entry;
		const at = checks.findIndex(({name}) => name === check.name);
		checks.splice(at < 0 ? checks.length : at, at < 0 ? 0 : 1, check);
	}
}
