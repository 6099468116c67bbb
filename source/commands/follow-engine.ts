import {observeIncident} from '../records/escalation-record.ts';
import {identify} from '../records/identity.ts';
import {readMemory} from '../records/memory.ts';
import {newestRun} from '../sources/runs.ts';
import type {WatchStore} from '../watch/watch-store.ts';
import {type CommandContext, savedNames} from './context.ts';

const identifyMs = 5000;
// An engine that does not say its ID at once is asked again.
const againMs = 10_000;

/**
Asks the engine who it is whenever it answers again: an address may lead to another engine by then, as a forwarded socket
does. What was known from the other one's records gives way to what is known of this one.
*/
export function followEngine(
	read: CommandContext,
	{store, emit}: Pick<WatchStore, 'store' | 'emit'>,
	signal: AbortSignal,
): void {
	const {place} = read;
	let root = place.root;
	let wasUp = false;
	let isAsking = false;
	let askedAt = Number.NEGATIVE_INFINITY;
	const tellMoved = (): void => {
		if (place.root === root) {
			return;
		}
		root = place.root;
		const at = Date.now();
		emit({kind: 'memory', ...readMemory(place, at), saved: savedNames(read), replaces: true, at});
		emit({kind: 'run', run: newestRun(place), at});
		emit(observeIncident(place, at));
	};
	const look = async (): Promise<void> => {
		isAsking = true;
		askedAt = performance.now();
		await identify(read, identifyMs);
		isAsking = false;
		tellMoved();
	};
	const stop = store.subscribe(({state}) => {
		// An answer that came late may have moved it.
		tellMoved();
		const isUp = state.sources['docker']?.status === 'up';
		const isDue = isUp && (!wasUp || !place.of.isConfirmed);
		if (isDue && !isAsking && (!wasUp || performance.now() - askedAt >= againMs)) {
			void look();
		}
		wasUp = isUp;
	});
	signal.addEventListener('abort', stop, {once: true});
}
