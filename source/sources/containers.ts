import type {DockerClient} from '../clients/docker/client.ts';
import {describeDockerError, dockerFault} from '../clients/docker/errors.ts';
import type {Emit} from '../state/observation.ts';
import {Backoff, pause} from './loop.ts';

/**
Watches a project's containers: a list first, then events, each of which makes the container be read again;
after every loss of the engine everything is listed again, because the engine replays only its last 256
events. A slow re-list confirms, in case an event was missed. Never throws.
*/
export async function watchContainers(
	client: DockerClient,
	project: string,
	emit: Emit,
	signal: AbortSignal,
): Promise<void> {
	const backoff = new Backoff(250, 2000);
	let wasAbsent = false;
	while (!signal.aborted) {
		const attempt = new AbortController();
		const stop = (): void => attempt.abort();
		signal.addEventListener('abort', stop, {once: true});
		try {
			await watchOnce(client, project, emit, attempt.signal, () => {
				wasAbsent = false;
				backoff.reset();
			});
			if (!signal.aborted) {
				throw new Error('the engine closed the stream of events');
			}
		} catch (error) {
			const reason = dockerFault(error, client.endpoint);
			// An engine that is restarted, or whose queue is full for a moment, refuses once.
			const isFirst = reason === 'absent' && !wasAbsent;
			wasAbsent = reason === 'absent';
			if (!isFirst) {
				emit({
					kind: 'source',
					source: 'docker',
					status: 'down',
					error: describeDockerError(error, client.endpoint),
					...(reason && {reason}),
					at: Date.now(),
				});
			}
		} finally {
			attempt.abort();
			signal.removeEventListener('abort', stop);
		}
		await pause(backoff.nextMs, signal);
	}
}

const relistEveryMs = 10_000;

async function watchOnce(
	client: DockerClient,
	project: string,
	emit: Emit,
	signal: AbortSignal,
	onUp: () => void,
): Promise<void> {
	const asked = client.engineId();
	// A proxy before the engine may not give it, and a busy engine takes its time: nothing that is watched waits for it.
	asked.catch(() => {});
	const version = await client.version();
	emit({kind: 'engine', ...version, at: Date.now()});
	void asked.then(
		(id) => {
			if (!signal.aborted) {
				emit({kind: 'engine', id, ...version, at: Date.now()});
			}
		},
		() => {},
	);
	/** The key of each container's service: only all of them together tell how a replica is called. */
	const known = new Map<string, string>();

	// Reads are put in a row: of two answers that cross, the older would win.
	let queue: Promise<void> = Promise.resolve();
	const broken = Promise.withResolvers<never>();
	broken.promise.catch(() => {});
	const enqueue = (work: () => Promise<void>): Promise<void> => {
		queue = queue.then(work).catch((error) => broken.reject(error));
		return queue;
	};
	/** The list that has not begun: it will see all that happened before it does. */
	let due: Promise<void> | undefined;
	// Of a host that starts a thousand containers of other projects each start would else be a list of its own.
	const relist = (): Promise<void> => {
		due ??= enqueue(async () => {
			due = undefined;
			const at = Date.now();
			const {containers, unread, facts} = await client.survey(project);
			known.clear();
			for (const container of containers) {
				known.set(container.containerId, container.service);
			}
			emit({kind: 'containers', containers, project: facts, ...(unread.length > 0 && {unread}), at});
			emit({kind: 'source', source: 'docker', status: 'up', at});
			onUp();
		});
		return due;
	};
	const reread = (id: string): Promise<void> =>
		enqueue(async () => {
			// The list tells of one that cannot be read, by its service.
			const container = await client.inspect(id).catch(() => undefined);
			if (container) {
				const service = known.get(id) ?? container.service;
				emit({kind: 'container', container: {...container, service}, at: Date.now()});
			} else {
				void relist();
			}
		});

	const events = client.events(
		(event) => {
			if (known.has(event.containerId) && (event.action === 'die' || event.action === 'oom')) {
				const {exitCode} = event;
				const service = known.get(event.containerId) ?? event.service;
				const what = event.action === 'oom' ? {oom: true as const} : {exitCode};
				// After what was read before it, and before what is read now.
				void enqueue(async () => emit({kind: 'ended', service, ...what, at: Date.now()}));
			}
			if (
				event.type === 'network'
					? known.has(event.containerId)
					: known.has(event.containerId) && event.action !== 'destroy'
			) {
				void reread(event.containerId);
			} else if (event.action === 'create' || event.action === 'start' || known.has(event.containerId)) {
				void relist();
			}
		},
		() => {
			void relist();
		},
		signal,
	);
	const confirm = (async () => {
		while (!signal.aborted) {
			await pause(relistEveryMs, signal);
			await relist();
		}
	})();
	// A list that fails is told at once, not when the next one is due.
	await Promise.race([events, confirm, broken.promise]);
}
