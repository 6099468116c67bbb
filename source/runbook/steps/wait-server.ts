import {isCluster, majorityOf, nodesOf} from '../../config/nodes.ts';
import {withJetStream} from '../../deployment/deployment.ts';
import {formatAge, formatElapsed} from '../../text/duration.ts';
import {shellLine} from '../../text/shell-quote.ts';
import {notCurrent} from '../cluster/current.ts';
import {lookAtNodes} from '../cluster/look.ts';
import {isKnown} from '../consumers/recreate-consumers.ts';
import type {RunContext} from '../context.ts';
import {deadlines, type Step} from '../step.ts';
import {waitUntil} from '../wait.ts';

/**
Waits until the server is ready and the stream, where it is known from before, answers.

@param mayLack - A later step brings the stream back: the server need not know it yet.
*/
export const waitServerStep = (deadlineMs: number = deadlines.server, mayLack = false): Step => ({
	id: 'wait-server',
	title: ({config}) => (isCluster(config) ? 'wait for the servers' : `wait for ${config.nats.service}`),
	describe: ({config}) =>
		isCluster(config)
			? `a majority, a leader, and what runs of them current, at most ${formatAge(deadlineMs)}`
			: `/healthz ok and the streams recovered, at most ${formatAge(deadlineMs)}`,
	command: ({config}) =>
		nodesOf(config)
			.flatMap(({monitor}) => (monitor === undefined ? [] : [shellLine('curl', '-s', `${monitor}/healthz`)]))
			.join('; ') || 'nats account info',
	async run(context, {config}) {
		const {clock} = context.deployment;
		const started = clock.elapsed();
		const isOne = !isCluster(config);
		const what = isOne ? `${config.nats.service} is not ready` : 'The servers are not ready';
		await waitUntil(what, () => (isOne ? notReady(context, mayLack) : clusterNotReady(context, mayLack)), {
			clock,
			deadlineMs,
			signal: context.signal,
			onWaiting: (reason) => context.progress(reason),
		});
		await countIfNot(context);
		return `ready after ${formatElapsed(clock.elapsed() - started)}`;
	},
});

/** The account of the messages begins here when the server did not answer before. */
async function countIfNot({config, deployment, memory}: RunContext): Promise<void> {
	try {
		memory.streamAtStart ??= await withJetStream(deployment, (jetstream) =>
			jetstream.stream(config.stream, 1000),
		);
	} catch {
		// A stream that is missing is the matter of a later step.
	}
}

/** What does not run is not waited for: the verification tells of it. */
async function clusterNotReady(context: RunContext, mayLack: boolean): Promise<string | undefined> {
	const nodes = await lookAtNodes(context);
	const running = nodes.filter(({condition}) => condition !== 'down' && condition !== 'paused');
	const wanted = majorityOf(nodes.length);
	if (running.length < wanted) {
		return `${running.length} of ${nodes.length} servers run, ${wanted} are needed`;
	}
	const reason = await notCurrent(
		context,
		running.map(({service}) => service),
	);
	return reason ?? askServer(context, mayLack);
}

async function notReady(context: RunContext, mayLack: boolean): Promise<string | undefined> {
	const {config, deployment, signal} = context;
	if (config.nats.monitor !== undefined) {
		const healthz = await deployment.server.healthz(config.nats.monitor, signal);
		if (healthz.status === 'booting' || healthz.status === 'unreachable') {
			return healthz.status === 'booting' ? 'booting' : (healthz.error ?? 'unreachable');
		}
		if (healthz.status === 'unavailable' && !mayLack) {
			return `/healthz: ${healthz.error}`;
		}
	}
	return askServer(context, mayLack);
}

/** Whether JetStream answers and knows the stream that was there before. */
async function askServer(context: RunContext, mayLack: boolean): Promise<string | undefined> {
	const {config, deployment, records} = context;
	try {
		return await withJetStream(deployment, async (jetstream) => {
			await jetstream.account(1000);
			if (records.savedStream(config.stream)) {
				const isThere = await isKnown(() => jetstream.stream(config.stream, 1000));
				if (!isThere && !mayLack) {
					return `the server does not know ${config.stream}`;
				}
			}
			return undefined;
		});
	} catch (error) {
		return (error as Error).message;
	}
}
