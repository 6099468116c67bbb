import type {Config} from '../config/schema.ts';
import {own} from '../state/record.ts';
import type {DeploymentState} from '../state/types.ts';
import {causesOf} from './causes.ts';
import type {Severity, Symptom} from './finding.ts';
import {isStoppedByRun} from './questions.ts';
import {splitId} from './symptom-id.ts';

const rank: Record<Severity, number> = {critical: 0, warning: 1, unknown: 2};

/** Orders severities, the worst first. */
export const bySeverity = (a: Severity, b: Severity): number => rank[a] - rank[b];

/**
The symptoms with their causes: each that another one explains gets the id of the one at the bottom of it. It is
no worse than that one and has no remedy of its own, because what mends the cause mends it.
*/
export function fold(symptoms: Symptom[], state: DeploymentState, config: Config): Symptom[] {
	const byId = new Map(symptoms.map((symptom) => [symptom.id, symptom]));
	const firstOf = new Map<string, string>();
	for (const {id} of symptoms) {
		const {rule} = splitId(id);
		firstOf.set(rule, firstOf.get(rule) ?? id);
	}
	const direct = new Map<string, string>();
	for (const symptom of symptoms) {
		const cause = causesOf(symptom, state, config)
			.map((wanted) => (wanted.endsWith(':*') ? firstOf.get(splitId(wanted).rule) : wanted))
			.find(
				(id) =>
					id !== undefined && byId.has(id) && id !== symptom.id && mayExplain(byId.get(id), symptom, state),
			);
		if (cause !== undefined) {
			direct.set(symptom.id, cause);
		}
	}
	return symptoms.map((symptom) => {
		const root = rootOf(symptom.id, direct);
		const cause = root === symptom.id ? undefined : byId.get(root);
		return cause ? foldUnder(symptom, cause) : symptom;
	});
}

/**
What a lesser one explains all the same: a second witness is no worse than the first, and a service that has lost its
server of a cluster finds another one; where it does not, node-down itself becomes critical.
*/
const lowered: Record<string, readonly string[]> = {
	'consumer-lag': ['metrics-lag'],
	'consumer-growing': ['metrics-lag'],
	'node-down': ['health-unhealthy'],
};

/**
Whether one is grave enough to explain another: a warning must not make a critical one small, nor take its remedy away.
What a run that goes on has stopped is a warning by design, and explains whatever follows from it.
*/
function mayExplain(cause: Symptom | undefined, effect: Symptom, state: DeploymentState): boolean {
	if (cause === undefined || bySeverity(cause.severity, effect.severity) <= 0) {
		return true;
	}
	const {rule, subject} = splitId(cause.id);
	const isLowered = own(lowered, rule)?.includes(splitId(effect.id).rule) ?? false;
	return isLowered || (rule === 'container-down' && isStoppedByRun(state, subject));
}

/** A symptom as the effect of another. */
export function foldUnder(
	{runbook: _runbook, advice: _advice, ...symptom}: Symptom,
	cause: Symptom,
): Symptom {
	const severity = bySeverity(symptom.severity, cause.severity) < 0 ? cause.severity : symptom.severity;
	return {...symptom, severity, cause: cause.id};
}

function rootOf(id: string, direct: Map<string, string>): string {
	const seen = new Set<string>();
	let root = id;
	for (let next = direct.get(root); next !== undefined; next = direct.get(root)) {
		if (seen.has(next)) {
			// Two that explain each other explain nothing: both stay.
			return id;
		}
		seen.add(next);
		root = next;
	}
	return root;
}
