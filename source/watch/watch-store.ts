import {createStore as createVanillaStore, type StoreApi} from 'zustand/vanilla';
import type {Config} from '../config/schema.ts';
import {debounce, nothingPending} from '../diagnosis/debounce.ts';
import {explain, see} from '../diagnosis/diagnose.ts';
import type {Finding} from '../diagnosis/finding.ts';
import {overallStatus} from '../diagnosis/status.ts';
import {nothingTracked, track} from '../diagnosis/track.ts';
import {isUrgent} from '../diagnosis/urgent.ts';
import {initialState} from '../state/initial.ts';
import type {Emit, Observation} from '../state/observation.ts';
import {reduce} from '../state/reduce.ts';
import type {DeploymentState} from '../state/types.ts';
import {sanitize} from '../text/sanitize.ts';

/** What is known and what is wrong, at one moment: what a screen is drawn from. */
export type Snapshot = {
	state: DeploymentState;
	findings: Finding[];
	/** The time that ages are counted from, milliseconds since the epoch. */
	now: number;
};

/** Tells the time, milliseconds since the epoch. */
export type Clock = {now(): number};

/** Observations are shown together, at most once in this time. */
export const batchMs = 250;

/** The same until every source has spoken once: whoever opens a console in an outage waits for that. */
export const startBatchMs = 50;

/** The same while nothing is wrong: nobody reads four frames a second of a deployment that is well. */
export const calmBatchMs = 1000;

/** How long an urgent one waits for those that come with it. */
export const urgentMs = 20;

/** How often ages and what depends on time move when nothing is seen. */
export const tickMs = 1000;

export type WatchStore = {
	store: StoreApi<Snapshot>;
	emit: Emit;
	/** Shows at once what was observed: a key was pressed, or a look is over. */
	flush(): void;
	/** Stops the timers; what is emitted from then on is dropped. */
	dispose(): void;
};

/**
Keeps the state and diagnoses it. Observations are reduced at once and shown in batches; the timers do not keep
the process alive.
*/
export function createStore({config, host, clock}: {config: Config; host: string; clock: Clock}): WatchStore {
	const startedAt = clock.now();
	let pending = initialState({config, host, now: startedAt});
	let settling = nothingPending;
	let tracked = nothingTracked;
	let isCalm = false;
	let isStarting = true;
	let isDisposed = false;
	let flushedAt = Number.NEGATIVE_INFINITY;
	let timer: {handle: NodeJS.Timeout; isUrgent: boolean} | undefined;
	const failed = new Set<string>();
	const store = createVanillaStore<Snapshot>(() => ({state: pending, findings: [], now: startedAt}));

	const unschedule = (): void => {
		clearTimeout(timer?.handle);
		timer = undefined;
	};
	const flush = (): void => {
		unschedule();
		if (isDisposed) {
			return;
		}
		const now = clock.now();
		flushedAt = now;
		const lasting = debounce(settling, see(pending, config, now), now);
		settling = lasting.pending;
		tracked = track(tracked, explain(lasting.symptoms, pending, config), now);
		isCalm = overallStatus(pending, tracked.findings) === 'ok';
		isStarting = Object.values(pending.sources).some(({status}) => status === 'starting');
		store.setState({state: pending, findings: tracked.findings, now}, true);
		// A second after the last flush, not each second: what was just drawn need not be drawn again.
		clearTimeout(tick);
		tick = setTimeout(flush, tickMs).unref();
	};
	const schedule = (urgent: boolean): void => {
		if (timer && (timer.isUrgent || !urgent)) {
			return;
		}
		unschedule();
		// After a pause the first observation need not wait for a whole batch; while all is well it waits for those
		// that the other polls of this second bring.
		const [batch, least] = isCalm ? [calmBatchMs, batchMs] : [isStarting ? startBatchMs : batchMs, urgentMs];
		const restMs = flushedAt + batch - clock.now();
		const delayMs = urgent ? urgentMs : Math.min(batch, Math.max(least, restMs));
		timer = {handle: setTimeout(flush, delayMs).unref(), isUrgent: urgent};
	};
	const emit: Emit = (observation) => {
		if (isDisposed) {
			return;
		}
		const before = pending;
		pending = reduceSafely(before, observation, failed);
		if (pending !== before) {
			schedule(isUrgent(before, pending, observation));
		}
	};

	let tick = setTimeout(flush, tickMs).unref();
	return {
		store,
		emit,
		flush,
		dispose() {
			isDisposed = true;
			unschedule();
			clearTimeout(tick);
		},
	};
}

/**
Whoever emits must not fail because of what was emitted; that it failed is shown like a source that is down, until
one of its kind can be read again.
*/
function reduceSafely(
	state: DeploymentState,
	observation: Observation,
	failed: Set<string>,
): DeploymentState {
	const source = `observation of ${observation.kind}`;
	try {
		const next = reduce(state, observation);
		return failed.delete(source) ? reduce(next, {kind: 'source', source, status: 'up', at: next.at}) : next;
	} catch (error) {
		failed.add(source);
		const text = sanitize(String(error), 200);
		return reduce(state, {kind: 'source', source, status: 'down', error: text, at: state.at});
	}
}
