import {allRunbooks, builtInRunbooks, reservedKeys, resumeId} from './built-in-runbooks.ts';
import type {Problem} from './explain.ts';
import {actions, type RunbookSpec} from './runbook-schema.ts';
import {isSection, type Values} from './values.ts';

/** Bare words as the steps that they stand for: `- verify` is `- verify: true`. */
export function expandSteps(given: Values): Values {
	const {runbooks} = given;
	if (!Array.isArray(runbooks)) {
		return given;
	}
	return {
		...given,
		runbooks: runbooks.map((runbook: unknown) =>
			isSection(runbook) && Array.isArray(runbook['steps'])
				? {...runbook, steps: runbook['steps'].map(expandStep)}
				: runbook,
		),
	};
}

const expandStep = (step: unknown): unknown =>
	typeof step === 'string' && (actions as string[]).includes(step) ? {[step]: true} : step;

/** Steps that do nothing, or two things at once: their order would be anybody's guess. */
export function oneActionEach({runbooks}: Values): Problem[] {
	const list = Array.isArray(runbooks) ? runbooks : [];
	return list.flatMap((runbook: unknown, index) => {
		const steps = isSection(runbook) && Array.isArray(runbook['steps']) ? runbook['steps'] : [];
		return steps.flatMap((step: unknown, at): Problem[] => {
			if (!isSection(step)) {
				return [];
			}
			const given = actions.filter((action) => step[action] !== undefined);
			const path = ['runbooks', index, 'steps', at];
			if (given.length > 1) {
				return [{path, text: `has ${given.join(' and ')}: a step does one thing; make two of it.`}];
			}
			// What has an unknown key is reported for that.
			const isEmpty = given.length === 0 && Object.keys(step).every((key) => key === 'withinSeconds');
			return isEmpty ? [{path, text: `does nothing: expected one of ${actions.join(', ')}.`}] : [];
		});
	});
}

/** Names and keys that are taken. */
export function clashes({runbooks}: {runbooks: readonly RunbookSpec[]}): Problem[] {
	const builtIn = builtInRunbooks.length;
	return runbooks.flatMap(({id, key}, index): Problem[] => {
		const before = allRunbooks({runbooks}).slice(0, builtIn + index);
		const owner = before.find((other) => other.key === key)?.id;
		const isReserved = (reservedKeys as readonly string[]).includes(key ?? '');
		return [
			...(id === resumeId || before.some((other) => other.id === id)
				? [{path: ['runbooks', index, 'id'], text: `there is another runbook with the name "${id}".`}]
				: []),
			...(key !== undefined && (owner !== undefined || isReserved)
				? [
						{
							path: ['runbooks', index, 'key'],
							text:
								owner === undefined ? `${key} is a key of the console.` : `${key} is the key of ${owner}.`,
						},
					]
				: []),
		];
	});
}
