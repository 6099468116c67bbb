import type {Symptom} from './finding.ts';
import {bySeverity} from './fold.ts';
import {rules} from './rules.ts';
import {splitId} from './symptom-id.ts';

const order = new Map(rules.map((rule, index) => [rule.id, index]));

/**
The symptoms in the order of the screen: by severity, causes before what follows from them, and each with its
effects right under it. Those that are alike in both keep the order in which they came.
*/
export function arrange<T extends Symptom>(symptoms: T[]): T[] {
	const ids = new Set(symptoms.map((symptom) => symptom.id));
	const isRoot = (symptom: T): boolean => symptom.cause === undefined || !ids.has(symptom.cause);
	const effects = Map.groupBy(
		symptoms.filter((symptom) => !isRoot(symptom)),
		(symptom) => symptom.cause ?? '',
	);
	return symptoms
		.filter(isRoot)
		.sort(compare)
		.flatMap((root) => [root, ...(effects.get(root.id) ?? []).sort(compare)]);
}

const compare = (a: Symptom, b: Symptom): number =>
	bySeverity(a.severity, b.severity) || position(a) - position(b);

const position = (symptom: Symptom): number => order.get(splitId(symptom.id).rule) ?? rules.length;
