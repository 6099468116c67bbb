import {allRunbooks, resumeId} from '../config/built-in-runbooks.ts';
import {nodeServices} from '../config/nodes.ts';
import type {StepSpec} from '../config/runbook-schema.ts';
import type {Config} from '../config/schema.ts';
import type {RunState} from '../state/run.ts';
import {compile} from './compile.ts';
import type {Runbook} from './runbook.ts';
import {recreateStep} from './steps/recreate.ts';
import {settleStep} from './steps/settle.ts';
import {startServicesStep} from './steps/start-services.ts';

/**
What finishes a run that was killed: nothing is purged again. What it stopped is started, a stream that it may have
left without its consumers gets them back, and the verification says whether the deployment is well.
*/
export function resumeRunbook(run: RunState, config: Config): Runbook {
	const began = (action: string): boolean =>
		run.steps.some(({id, status}) => isOf(action, id) && status !== 'waiting');
	const spec = allRunbooks(config).find(({id}) => id === run.runbook);
	// A run that could only give the consumer back is finished by that.
	const recreates = spec?.steps.some(({recreate, readopt}) => recreate === true || readopt)
		? true
		: spec?.steps.find(({recreate}) => recreate)?.recreate;
	// A server itself may be what the run was restarting.
	const starts = [...new Set([...nodeServices(config), ...run.stopped])];
	const steps: StepSpec[] = [
		{start: starts},
		{waitFor: 'server'},
		...(recreates && ['purge', 'readopt', 'recreate'].some(began) ? [{recreate: recreates}] : []),
		{waitFor: 'endpoints'},
		{verify: true},
	];
	const title = `finish the unfinished run: ${run.title}`;
	const compiled = compile({id: resumeId, title, steps}, config);
	const rewrite = ['readopt', 'recreate'].some(began);
	const runbook = {
		...compiled,
		steps: compiled.steps.map((step) =>
			recreates === true && isOf('recreate', step.id)
				? recreateStep({rewrite})
				: isOf('start', step.id)
					? startServicesStep(starts, run)
					: step,
		),
	};
	// Whatever of it can be started is: one container that is gone must not keep the others stopped. And a consumer that is
	// there may be one that the killed run has made.
	return finishing(run, {...runbook, needs: {...runbook.needs, starts: [], recreatesConsumer: false}});
}

/**
A runbook that also finishes the run that was killed before it: first the end of a purge that is in flight is awaited,
and everything that it stopped is started before something waits for it.
*/
export function finishing(run: RunState, runbook: Runbook): Runbook {
	const isPurging = run.steps.some(({id, status}) => isOf('purge', id) && status === 'running');
	const starts = runbook.id === resumeId;
	const [preflight, ...rest] = runbook.steps;
	// Before what waits for them, but not before a server that is restarted is there again.
	const waits = ['wait-endpoints', 'wait-running', 'verify'];
	const first = rest.findIndex(({id}) => waits.some((wait) => isOf(wait, id)));
	return {
		...runbook,
		resumes: run,
		steps: [
			preflight!,
			...(isPurging ? [settleStep(run)] : []),
			...rest.slice(0, first),
			...(starts || run.stopped.length === 0 ? [] : [startServicesStep(run.stopped, run)]),
			...rest.slice(first),
		],
	};
}

/** Whether a step is of this action: `purge`, `purge-2`. */
const isOf = (action: string, id: string): boolean =>
	id === action || (id.startsWith(`${action}-`) && /^\d+$/.test(id.slice(action.length + 1)));
