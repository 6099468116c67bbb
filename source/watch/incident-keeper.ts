import {aboutDeployment, isCalm, roots} from '../diagnosis/status.ts';
import {endIncident, freshEveryMs, keepIncidentFresh, startIncident} from '../records/incident.ts';
import type {Place} from '../records/place.ts';
import type {WatchStore} from './watch-store.ts';

// Services come back one after the other; an incident is over when nothing critical was seen for this long.
const calmMs = 60_000;
// What is critical only until every source has spoken once is no incident.
const lastsMs = 2000;
// An incident that ended while no console was open: nothing critical was seen here at all.
const calmAtStartMs = 5000;

/**
Keeps the incident's clock: it starts with the first critical finding (a run starts it too), on disk, so that it
goes on over restarts of the console, and ends after a minute without one.

@param escalate - Called while the incident goes on: sees to it that it is escalated.
@returns What stops it.
*/
export function keepIncident({store, emit}: WatchStore, place: Place, escalate: () => void): () => void {
	let calmSince: number | undefined;
	let sawCritical = false;
	let freshAt = 0;
	return store.subscribe(({state, findings, now}) => {
		if (!isCalm(state, findings) || state.run?.alive) {
			const critical = roots(aboutDeployment(findings)).filter(({severity}) => severity === 'critical');
			calmSince = undefined;
			sawCritical = true;
			if (now - freshAt > freshEveryMs) {
				freshAt = now;
				keepIncidentFresh(place);
			}
			const first = Math.min(...critical.map((finding) => finding.since));
			if (state.incidentSince === undefined && now - first >= lastsMs && critical.length > 0) {
				const since = startIncident(place, first);
				emit({kind: 'incident', since, at: now});
				escalate();
			} else if (state.incidentSince !== undefined) {
				escalate();
			}
			return;
		}
		calmSince ??= now;
		if (state.incidentSince !== undefined && now - calmSince >= (sawCritical ? calmMs : calmAtStartMs)) {
			endIncident(place);
			emit({kind: 'incident', since: undefined, at: now});
		}
	});
}
