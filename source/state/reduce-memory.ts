import type {ObservationOf} from './observation.ts';
import {own} from './record.ts';
import type {DeploymentState, StreamState} from './types.ts';

/** Who has not looked all the time does not know when one went. */
const withoutGone = (stream: StreamState): StreamState => ({
	...stream,
	consumers: Object.fromEntries(
		Object.entries(stream.consumers).map(([name, {goneAt: _goneAt, ...consumer}]) => [name, consumer]),
	),
});

/** Without what only an earlier start had seen. */
const withoutRemembered = (state: DeploymentState): DeploymentState => ({
	...state,
	streams: Object.fromEntries(
		Object.entries(state.streams).filter(([, {present, remembered}]) => present || !remembered),
	),
});

/** The state with what was known when the console last ran: what it sees first outweighs it. */
export function reduceMemory(
	before: DeploymentState,
	{streams, usual = {}, saved, services, replaces, at}: ObservationOf<'memory'>,
): DeploymentState {
	const state = replaces ? withoutRemembered(before) : before;
	const unknown = streams.filter(({name}) => own(state.streams, name) === undefined).map(withoutGone);
	const rates = Object.entries(usual).filter(
		([service]) => own(state.logs.usual ?? {}, service) === undefined,
	);
	if (unknown.length === 0 && rates.length === 0 && saved === undefined && services === undefined) {
		return state;
	}
	const logs = {
		...state.logs,
		usual: {
			...state.logs.usual,
			...Object.fromEntries(rates.map(([name, known]) => [name, {...known, since: at, counts: {}}])),
		},
	};
	return {
		...state,
		...(saved !== undefined && {saved}),
		...(services !== undefined && {seenServices: services}),
		streams: {...state.streams, ...Object.fromEntries(unknown.map((stream) => [stream.name, stream]))},
		logs: rates.length === 0 ? state.logs : logs,
	};
}
