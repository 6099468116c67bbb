import type {Config} from '../config/schema.ts';
import {serviceOfRunbook, serviceRunbookId} from '../config/service-runbook.ts';
import {composeServiceName} from '../state/service.ts';
import type {DeploymentState} from '../state/types.ts';
import {plural} from '../text/count.ts';
import {sanitize} from '../text/sanitize.ts';
import {arrange} from './arrange.ts';
import {debounce, nothingPending} from './debounce.ts';
import type {Symptom} from './finding.ts';
import {bySeverity, fold} from './fold.ts';
import type {Rule} from './rule.ts';
import {rules} from './rules.ts';

/** What one rule may say at once: a thousand consumers that lag are one fault, and nobody reads a thousand rows. */
const maxOfRule = 20;

/**
What every rule sees at this moment, each symptom by itself; see `debounce` for those that must last, and `explain`
for how they hang together. Pure; what is not known yet raises nothing.

@param now - Milliseconds since the epoch, by the console's clock.
*/
export const see = (state: DeploymentState, config: Config, now: number): Symptom[] =>
	rules.flatMap((rule) => checkRule(rule, state, config, now));

/** The symptoms in the order of the screen, each under the one that explains it. Pure. */
export const explain = (symptoms: Symptom[], state: DeploymentState, config: Config): Symptom[] =>
	arrange(fold(symptoms, state, config));

/** What is wrong by one look alone: without what must last. Pure. */
export function diagnose(state: DeploymentState, config: Config, now: number): Symptom[] {
	return explain(debounce(nothingPending, see(state, config, now), now).symptoms, state, config);
}

function checkRule(rule: Rule, state: DeploymentState, config: Config, now: number): Symptom[] {
	try {
		return bounded(rule, rule.check(state, config, now)).map((symptom) => ofWholeService(symptom, state));
	} catch (error) {
		// The other rules still tell; what this one would have told is unknown, and unknown is not healthy.
		return [
			{
				id: `rule-failed:${rule.id}`,
				severity: 'unknown',
				title: `The rule ${rule.id} failed`,
				evidence: sanitize(String(error), 200),
				advice: 'report this as an error of jetmedic',
			},
		];
	}
}

/** A rule names the container that it looks at; what restarts a replica restarts its service. */
function ofWholeService(symptom: Symptom, {services}: DeploymentState): Symptom {
	const key = serviceOfRunbook(symptom.runbook ?? '');
	const service = key === undefined ? undefined : composeServiceName(key, services);
	return service === undefined || service === key
		? symptom
		: {...symptom, runbook: serviceRunbookId(service)};
}

function bounded(rule: Rule, symptoms: Symptom[]): Symptom[] {
	if (symptoms.length <= maxOfRule) {
		return symptoms;
	}
	const sorted = [...symptoms].sort((a, b) => bySeverity(a.severity, b.severity));
	const rest = sorted.slice(maxOfRule);
	return [
		...sorted.slice(0, maxOfRule),
		{
			id: `${rule.id}:*`,
			severity: rest[0]?.severity ?? rule.severity,
			title: `${rule.title}, many times`,
			evidence: plural(rest.length, 'more', 'more'),
		},
	];
}
