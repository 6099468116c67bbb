import {AckPolicy, connect, type JetStreamManager, StorageType} from 'nats';

const STREAMS = 200;
const CONSUMERS = 5;
const PREFIX = 'BENCH_';
const AT_ONCE = 20;

/** Adds 200 streams with five consumers each to the lab for the time of `work`, and removes them whatever happens. */
export async function large<Value>(work: () => Promise<Value>): Promise<Value> {
	try {
		await withManager((manager) =>
			inTurns(STREAMS, async (index) => {
				const name = `${PREFIX}${String(index).padStart(3, '0')}`;
				await manager.streams.add({name, subjects: [`bench.${index}.>`], storage: StorageType.Memory});
				for (let consumer = 0; consumer < CONSUMERS; consumer++) {
					await manager.consumers.add(name, {
						durable_name: `worker-${consumer}`,
						ack_policy: AckPolicy.Explicit,
					});
				}
			}),
		);
		return await work();
	} finally {
		await removeLarge();
	}
}

/** Removes what a run that was interrupted may have left. */
export function removeLarge(): Promise<void> {
	return withManager(async (manager) => {
		const ours: string[] = [];
		for await (const name of manager.streams.names()) {
			if (name.startsWith(PREFIX)) ours.push(name);
		}
		await inTurns(ours.length, async (index) => {
			await manager.streams.delete(ours[index]!);
		});
	});
}

async function withManager(work: (manager: JetStreamManager) => Promise<void>): Promise<void> {
	const connection = await connect({servers: '127.0.0.1:4222', timeout: 5000, reconnect: false});
	try {
		await work(await connection.jetstreamManager({checkAPI: false, timeout: 10_000}));
	} finally {
		await connection.close();
	}
}

async function inTurns(count: number, work: (index: number) => Promise<void>): Promise<void> {
	let next = 0;
	const worker = async () => {
		while (next < count) await work(next++);
	};
	await Promise.all(Array.from({length: AT_ONCE}, worker));
}
