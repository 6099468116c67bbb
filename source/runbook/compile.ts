import {nodeServices} from '../config/nodes.ts';
import type {RunbookSpec, StepSpec} from '../config/runbook-schema.ts';
import type {Config} from '../config/schema.ts';
import type {Needs} from '../records/event.ts';
import {fill} from './fill.ts';
import type {Runbook} from './runbook.ts';
import type {Step} from './step.ts';
import {backupStep} from './steps/backup.ts';
import {commandStep} from './steps/command.ts';
import {preflightStep} from './steps/preflight.ts';
import {purgeStep} from './steps/purge.ts';
import {readoptStep} from './steps/readopt.ts';
import {recreateConsumerStep, recreateStep} from './steps/recreate.ts';
import {restartServicesStep} from './steps/restart-services.ts';
import {startServicesStep} from './steps/start-services.ts';
import {stopServicesStep} from './steps/stop-services.ts';
import {verifyStep} from './steps/verify.ts';
import {waitEndpointsStep} from './steps/wait-endpoints.ts';
import {waitRunningStep} from './steps/wait-running.ts';
import {waitServerStep} from './steps/wait-server.ts';

/**
A runbook that can be planned and run, from its data. What every runbook promises is added here where the data
leaves it out: a preflight before all else, a backup before a purge, a verification at the end.
*/
export function compile(spec: RunbookSpec, config: Config): Runbook {
	const steps = withPromises(spec.steps);
	const needs = needsOf(steps, config);
	const used = new Map<string, number>();
	const compiled: Step[] = [
		preflightStep(needs),
		...steps.map((step, at) => compileStep(step, steps.slice(at + 1))),
	].map((step) => {
		const count = (used.get(step.id) ?? 0) + 1;
		used.set(step.id, count);
		return count === 1 ? step : {...step, id: `${step.id}-${count}`};
	});
	return {
		id: spec.id,
		title: fill(spec.title, config),
		typed: spec.confirm === 'type',
		needs,
		steps: compiled,
	};
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

/** What a runbook touches: what its preflight looks at, and what its plan says is lost. */
function needsOf(steps: readonly StepSpec[], config: Config): Needs {
	const keeps = steps.flatMap(({purge}) =>
		purge === undefined ? [] : [(purge === true ? undefined : purge.keep) ?? config.keep],
	);
	const touches = (services: StepSpec['stop']): string[] => (services === undefined ? [] : [services].flat());
	return {
		// Of several purges the one that keeps least says what is lost.
		purge: keeps.includes('nothing')
			? 'nothing'
			: keeps.length === 0
				? undefined
				: Math.min(...keeps.map(Number)),
		recreates: steps.some(bringsBack),
		recreatesConsumer: steps.some(({recreate}) => recreate === 'consumer'),
		restartsServer: steps.some((step) => restartsServer(step, config)),
		restarts: steps.flatMap(({restart}) => touches(restart)),
		restartsFirst: restartsFirst(steps, config),
		stops: steps.flatMap(({stop}) => touches(stop)),
		starts: steps.flatMap(({restart, start}) => [...touches(restart), ...touches(start)]),
	};
}

/** The step can give a stream back that is gone. */
const bringsBack = ({readopt, recreate}: StepSpec): boolean => (readopt ?? recreate === true) === true;

const restartsServer = ({restart}: StepSpec, config: Config): boolean =>
	restart !== undefined &&
	[restart].flat().some((service) => ['server', 'all', ...nodeServices(config)].includes(service));

function restartsFirst(steps: readonly StepSpec[], config: Config): boolean {
	const restart = steps.findIndex((step) => restartsServer(step, config));
	const change = steps.findIndex(({purge, readopt, recreate}) => purge !== undefined || readopt || recreate);
	return restart >= 0 && (change < 0 || restart < change);
}

function compileStep(spec: StepSpec, later: readonly StepSpec[]): Step {
	const {withinSeconds} = spec;
	const withinMs = withinSeconds === undefined ? undefined : withinSeconds * 1000;
	if (spec.restart !== undefined) {
		return restartServicesStep(spec.restart);
	}
	if (spec.stop !== undefined) {
		return stopServicesStep(spec.stop);
	}
	if (spec.start !== undefined) {
		return startServicesStep(spec.start);
	}
	if (spec.backup) {
		return backupStep;
	}
	if (spec.purge !== undefined) {
		const kept = spec.purge === true ? undefined : spec.purge.keep;
		return purgeStep((keep) => kept ?? keep);
	}
	if (spec.readopt) {
		return readoptStep;
	}
	if (spec.recreate) {
		return spec.recreate === 'consumer' ? recreateConsumerStep : recreateStep();
	}
	if (spec.waitFor !== undefined) {
		return spec.waitFor === 'server'
			? waitServerStep(withinMs, later.some(bringsBack))
			: spec.waitFor === 'endpoints'
				? waitEndpointsStep(withinMs)
				: waitRunningStep(spec.waitFor, withinMs);
	}
	if (spec.run !== undefined) {
		return commandStep(spec.run, withinMs);
	}
	return verifyStep(withinMs);
}
