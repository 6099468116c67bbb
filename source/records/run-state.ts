import type {RunState} from '../state/run.ts';
import type {JournalEvent} from './event.ts';
import {machineId} from './machine.ts';
import {isAlive} from './process.ts';

/**
A run as its journal tells it; undefined where the journal has no first line yet.

@param alive - Whether its process runs, where that is known by other means than this machine's processes.
*/
export function toRunState(events: JournalEvent[], alive?: boolean): RunState | undefined {
	let run: RunState | undefined;
	let pidStart = '';
	for (const event of events) {
		if (event.event === 'started') {
			pidStart = event.pidStart;
			run = started(event);
		} else if (run) {
			apply(run, event);
			run.at = event.at;
		}
	}
	if (run && run.result === undefined) {
		run.alive = alive ?? (!run.remote && isAlive(run.pid, pidStart));
		run.ifStopped =
			run.stopped.length > 0
				? `${run.stopped.join(', ')} will be started again.`
				: 'nothing is left stopped.';
	}
	return run;
}

function started(event: Extract<JournalEvent, {event: 'started'}>): RunState {
	return {
		id: event.run,
		runbook: event.runbook,
		title: event.title,
		deployment: event.deployment,
		host: event.host,
		user: event.user,
		origin: event.origin,
		pid: event.pid,
		pidStart: event.pidStart,
		...(event.machine === undefined ? {} : {machine: event.machine}),
		startedAt: event.at,
		at: event.at,
		steps: event.steps.map((step) => ({...step, status: 'waiting'})),
		stopped: [],
		...(event.impact ? {removes: {messages: event.impact.messages}} : {}),
		...(event.resumes === undefined ? {} : {resumes: event.resumes}),
		...(event.machine === undefined || event.machine === machineId() ? {} : {remote: true}),
		checks: [],
		alive: true,
	};
}

function apply(run: RunState, event: JournalEvent): void {
	switch (event.event) {
		case 'step': {
			const step = run.steps.find(({id}) => id === event.step);
			if (step) {
				step.status = event.status;
				step.text = event.text ?? step.text;
				step.command = event.command ?? step.command;
				step.progress = undefined;
				step.fraction = undefined;
				if (event.status === 'running') {
					step.startedAt = event.at;
				} else {
					step.startedAt ??= event.at;
					step.endedAt = event.at;
				}
			}
			break;
		}
		case 'progress': {
			const step = run.steps.find(({id}) => id === event.step);
			if (step) {
				step.progress = event.text ?? step.progress;
				step.fraction = event.fraction;
			}
			break;
		}
		case 'stopping':
			run.stopped = [...new Set([...run.stopped, ...event.services])];
			break;
		case 'restored':
			run.stopped = run.stopped.filter((service) => !event.services.includes(service));
			break;
		case 'note':
			run.note = event.text;
			break;
		case 'lost':
			run.lost = event.text;
			break;
		case 'check': {
			const {event: _event, at: _at, ...check} = event;
			const index = run.checks.findIndex(({name}) => name === check.name);
			run.checks.splice(index < 0 ? run.checks.length : index, index < 0 ? 0 : 1, check);
			break;
		}
		case 'aborting':
			run.error = event.reason;
			break;
		case 'finished':
			run.result = event.result;
			run.error = event.error ?? run.error;
			run.endedAt = event.at;
			run.checks = event.checks;
			run.alive = false;
			for (const step of run.steps) {
				if (step.status === 'running') {
					step.status = 'failed';
					step.endedAt = event.at;
				}
			}
			break;
		default:
	}
}
