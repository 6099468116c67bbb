import {actionOf, type RunbookSpec, type StepSpec} from '../config/runbook-schema.ts';
import type {Config} from '../config/schema.ts';
import {fill} from './fill.ts';
import {needsOfAll, type StepNeeds} from './needs.ts';
import type {Runbook} from './runbook.ts';
import type {Step, StepKind} from './step.ts';
import {stepKinds} from './steps/kinds.ts';
import {preflightStep} from './steps/preflight.ts';

/**
A runbook that can be planned and run, from its data. What every runbook promises is added here when the data
leaves it out: a preflight before all else, a backup before a purge, a verification at the end.
*/
export function compile(spec: RunbookSpec, config: Config): Runbook {
	const specs = withPromises(spec.steps);
	const eachNeeds = specs.map((step) => needsOf(step, config));
	const needs = needsOfAll(eachNeeds);
	const steps = specs.map((step, at) => makeStep(step, eachNeeds.slice(at + 1).some(bringsBack)));
	return {
		id: spec.id,
		title: fill(spec.title, config),
		typed: spec.confirm === 'type',
		needs,
		steps: numbered([preflightStep(needs), ...steps]),
	};
}

/** The kind of a step with its own words. The table has each key with the kind of that key. */
function kindOf(spec: StepSpec): {kind: StepKind; value: never} {
	const key = actionOf(spec)!;
	return {kind: stepKinds[key] as StepKind, value: spec[key] as never};
}

function needsOf(spec: StepSpec, config: Config): StepNeeds {
	const {kind, value} = kindOf(spec);
	return kind.needs(value, config);
}

function makeStep(spec: StepSpec, bringsBackLater: boolean): Step {
	const {kind, value} = kindOf(spec);
	const {withinSeconds} = spec;
	return kind.make(value, {
		withinMs: withinSeconds === undefined ? undefined : withinSeconds * 1000,
		bringsBackLater,
	});
}

const bringsBack = ({recreates}: StepNeeds): boolean => recreates === true;

/** Names of their own: `restart`, and `restart-2` for a second one. */
function numbered(steps: readonly Step[]): Step[] {
	const used = new Map<string, number>();
	return steps.map((step) => {
		const count = (used.get(step.id) ?? 0) + 1;
		used.set(step.id, count);
		return count === 1 ? step : {...step, id: `${step.id}-${count}`};
	});
}

function withPromises(given: readonly StepSpec[]): StepSpec[] {
	const steps = given.flatMap((step, index): StepSpec[] => {
		const isUnsaved =
			step.purge !== undefined && !given.slice(lastPurge(given, index) + 1, index).some(({backup}) => backup);
		return isUnsaved ? [{backup: true}, step] : [step];
	});
	return steps.at(-1)?.verify ? steps : [...steps, {verify: true}];
}

const lastPurge = (steps: readonly StepSpec[], before: number): number =>
	steps.slice(0, before).findLastIndex(({purge}) => purge !== undefined);
