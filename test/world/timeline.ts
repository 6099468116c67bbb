/** What happens, in the order of its time. Nothing in the world waits for real. */
export type Timeline = {
	/** Milliseconds since the world began. */
	now(): number;
	/** Does something after so many milliseconds; answers what takes it back. */
	after(ms: number, work: () => void): () => void;
	/** Lets time go on, event by event, until this holds, nothing is left to happen, or the time is over. */
	run(until: () => boolean, mostMs?: number): Promise<void>;
	/** How many events there were. */
	count(): number;
};

type Event = {at: number; order: number; work: (() => void) | undefined};

// A schedule that comes to no end is a fault of the code or of the world: it must not hang the tests.
const mostEvents = 400_000;

export function timeline(): Timeline {
	const heap: Event[] = [];
	let now = 0;
	let order = 0;
	let count = 0;
	return {
		now: () => now,
		after(ms, work) {
			const event: Event = {at: now + Math.max(0, ms), order: order++, work};
			push(heap, event);
			return () => {
				event.work = undefined;
			};
		},
		async run(until, mostMs = Number.POSITIVE_INFINITY) {
			const end = now + mostMs;
			await drain();
			while (!until()) {
				const event = heap[0];
				if (event === undefined || event.at > end) {
					break;
				}
				pop(heap);
				if (event.work === undefined) {
					continue;
				}
				if (++count > mostEvents) {
					throw new Error(`the schedule comes to no end: ${mostEvents} events`);
				}
				now = event.at;
				event.work();
				await drain();
			}
		},
		count: () => count,
	};
}

/** Until every promise that can go on has gone on. */
const drain = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const isBefore = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

function push(heap: Event[], event: Event): void {
	let at = heap.push(event) - 1;
	while (at > 0) {
		const parent = (at - 1) >> 1;
		if (isBefore(heap[parent]!, event)) {
			break;
		}
		heap[at] = heap[parent]!;
		at = parent;
	}
	heap[at] = event;
}

function pop(heap: Event[]): void {
	const last = heap.pop()!;
	if (heap.length === 0) {
		return;
	}
	let at = 0;
	for (;;) {
		let child = 2 * at + 1;
		if (child >= heap.length) {
			break;
		}
		if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) {
			child++;
		}
		if (isBefore(last, heap[child]!)) {
			break;
		}
		heap[at] = heap[child]!;
		at = child;
	}
	heap[at] = last;
}
