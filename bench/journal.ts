import {mkdtempSync, rmSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import type {JournalEvent} from '../source/records/event.ts';
import {createJournal} from '../source/records/journal.ts';
import {makePlace, placeAt} from '../source/records/place.ts';
import {type Figure, median} from './figure.ts';

const LINES = 200;

/** What a line of the journal costs until it is on disk: redacted, written, fsync. In the home folder, where it is. */
export function journalCost(): Figure[] {
	// Not in /tmp, which may be memory: an fsync there costs nothing.
	const folder = mkdtempSync(join(homedir(), '.jetmedic-bench-'));
	try {
		const place = placeAt(folder);
		makePlace(place);
		const journal = createJournal(place, 'bench', [/correct horse battery staple/g]);
		const line: JournalEvent = {
			event: 'step',
			step: 'verify',
			status: 'done',
			text: '8 checks: /healthz ok, TITAN_INTENTS answers, execution-consumer is there and its floor moves',
			command: 'curl -s http://127.0.0.1:8222/healthz',
			at: Date.now(),
		};
		const times = Array.from({length: LINES}, () => {
			const started = performance.now();
			journal.write(line);
			return performance.now() - started;
		});
		journal.close();
		const worst = Math.max(...times).toFixed(1);
		const note = `median of ${LINES} lines with fsync, the slowest ${worst} ms; a run writes some 30`;
		return [{name: 'a line of the journal', value: median(times), unit: 'ms', target: 10, note}];
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
}
