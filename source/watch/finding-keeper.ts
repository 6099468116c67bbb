import type {Config} from '../config/schema.ts';
import type {Finding} from '../diagnosis/finding.ts';
import {appendFindings, type FindingNote} from '../records/finding-history.ts';
import type {Place} from '../records/place.ts';
import type {WatchStore} from './watch-store.ts';

// What is seen only until every source has spoken once is no finding of an incident; nor is a flicker.
const lastsMs = 2000;

/**
Keeps the history of findings for the report: each critical one and each warning that lasts, when it appears and when
it goes. Those that are there when the console ends have no end in it.

@returns What stops it.
*/
export function keepFindings({store}: Pick<WatchStore, 'store'>, place: Place, config: Config): () => void {
	let known = new Map<string, Finding>();
	const secrets = import('../records/secrets.ts').then(({exactSecrets}) => exactSecrets(config, process.env));
	return store.subscribe(({findings, now}) => {
		const step = changes(known, findings, now);
		known = step.known;
		if (step.notes.length > 0) {
			// Secrets that are not known can't be hidden: then nothing is kept.
			secrets.then((exact) => appendFindings(place, step.notes, exact)).catch(() => {});
		}
	});
}

/** What came and went since the last look, and what is known now. Pure. */
export function changes(
	known: ReadonlyMap<string, Finding>,
	findings: readonly Finding[],
	now: number,
): {known: Map<string, Finding>; notes: FindingNote[]} {
	const there = new Map(findings.map((finding) => [finding.id, finding]));
	const notes: FindingNote[] = [];
	const next = new Map<string, Finding>();
	for (const finding of findings) {
		const before = known.get(finding.id);
		// What got worse is a finding of its own in the record.
		if (before?.severity === finding.severity) {
			next.set(finding.id, before);
		} else if (finding.severity !== 'unknown' && now - finding.since >= lastsMs) {
			next.set(finding.id, finding);
			notes.push(note('appeared', finding, before === undefined ? finding.since : now));
		} else if (before !== undefined) {
			next.set(finding.id, before);
		}
	}
	for (const [id, finding] of known) {
		if (!there.has(id)) {
			notes.push(note('went', finding, now));
		}
	}
	return {known: next, notes};
}

function note(change: FindingNote['change'], finding: Finding, at: number): FindingNote {
	const {id, severity, title, evidence, cause} = finding;
	return {
		at,
		change,
		id,
		severity: severity === 'critical' ? 'critical' : 'warning',
		title,
		evidence,
		...(cause === undefined ? {} : {cause}),
	};
}
