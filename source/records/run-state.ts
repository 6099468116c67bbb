import type {RunState} from '../state/run.ts';
import type {JournalEvent} from './event.ts';
import {machineId} from './machine.ts';
import {knownServices} from './names.ts';
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
			apply(run, event, Math.max(event.at, run.at));
			run.at = Math.max(event.at, run.at);
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
		...(event.where?.engineId === undefined ? {} : {engineId: event.where.engineId}),
		...(event.where === undefined ? {} : {project: event.where.project}),
		...(event.machine === undefined || event.machine === machineId() ? {} : {remote: true}),
		checks: [],
		alive: true,
	};
}

/** @param at - When it was, never before the line before it: a clock that is set back makes no negative time. */
function apply(run: RunState, event: JournalEvent, at: number): void {
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
					step.startedAt = at;
				} else {
					step.startedAt ??= at;
					step.endedAt = at;
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
			stop(run, event.services);
			if (event.containers !== undefined) {
				run.stoppedContainers = [...new Set([...(run.stoppedContainers ?? []), ...event.containers])];
			}
			break;
		case 'restored':
			run.stopped = run.stopped.filter((service) => !event.services.includes(service));
			if (run.stopped.length === 0) {
				delete run.stoppedContainers;
			}
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
			run.endedAt = endOf(run, event, at);
			run.checks = event.checks;
			run.alive = false;
			for (const step of run.steps) {
				if (step.status === 'running') {
					step.status = 'failed';
					step.endedAt = at;
				}
			}
			break;
		default:
	}
}

/** What cannot be the name of a service is started by nobody: it could be a flag. */
function stop(run: RunState, services: readonly string[]): void {
	const {known, unknown} = knownServices(services);
	run.stopped = [...new Set([...run.stopped, ...known])];
	if (unknown.length > 0) {
		run.note = `Its journal has names that cannot be services; they are ignored: ${unknown.join(', ').slice(0, 200)}.`;
	}
}

// What a line takes to be written.
const slackMs = 2000;

/** A run's own length is by a clock that nobody sets, where its journal says it. */
function endOf(
	{startedAt}: RunState,
	{elapsedMs}: Extract<JournalEvent, {event: 'finished'}>,
	at: number,
): number {
	return elapsedMs > 0 && Math.abs(at - startedAt - elapsedMs) > slackMs ? startedAt + elapsedMs : at;
}
