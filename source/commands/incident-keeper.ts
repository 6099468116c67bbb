import {roots} from '../diagnosis/status.ts';
import type {WatchStore} from '../diagnosis/watch-store.ts';
import {endIncident, startIncident} from '../runbook/incident.ts';
import type {Place} from '../runbook/place.ts';

// Services come back one after the other; an incident is over when nothing critical was seen for this long.
const calmMs = 60_000;

/**
Keeps the incident's clock: it starts with the first critical finding (a run starts it too), on disk, so that it
goes on over restarts of the console, and ends after a minute without one.

@returns What stops it.
*/
export function keepIncident({store, emit}: WatchStore, place: Place): () => void {
	let calmSince: number | undefined;
	return store.subscribe(({state, findings, now}) => {
		const critical = roots(findings).filter(({severity}) => severity === 'critical');
		const isCalm = critical.length === 0 && !state.run?.alive;
		if (!isCalm) {
			calmSince = undefined;
			if (state.incidentSince === undefined && critical.length > 0) {
				const since = startIncident(place, Math.min(...critical.map((finding) => finding.since)));
				emit({kind: 'incident', since, at: now});
			}
			return;
		}
		calmSince ??= now;
		if (state.incidentSince !== undefined && now - calmSince >= calmMs) {
			endIncident(place);
			emit({kind: 'incident', since: undefined, at: now});
		}
	});
}
