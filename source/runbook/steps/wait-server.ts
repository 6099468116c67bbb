import {accountInfo, streamInfo} from '../../clients/nats/jetstream.ts';
import {readHealthz} from '../../clients/nats/monitor.ts';
import {formatAge, formatElapsed} from '../../text/duration.ts';
import {readConfigs} from '../configs.ts';
import {type RunContext, withNats} from '../context.ts';
import {isKnown} from '../recreate.ts';
import {deadlines, type Step} from '../step.ts';
import {waitUntil} from '../wait.ts';

/**
Waits until the server is ready and the stream, where it is known from before, answers.

@param mayLack - A later step brings the stream back: the server need not know it yet.
*/
export const waitServerStep = (deadlineMs: number = deadlines.server, mayLack = false): Step => ({
	id: 'wait-server',
	title: ({config}) => `wait for ${config.nats.service}`,
	describe: () => `/healthz ok and the streams recovered, at most ${formatAge(deadlineMs)}`,
	command: ({config}) =>
		config.nats.monitor ? `curl -s ${config.nats.monitor}/healthz` : 'nats account info',
	async run(context, {config}) {
		const started = Date.now();
		await waitUntil(`${config.nats.service} is not ready`, () => notReady(context, mayLack), {
			deadlineMs,
			signal: context.signal,
			onWaiting: (reason) => context.progress(reason),
		});
		return `ready after ${formatElapsed(Date.now() - started)}`;
	},
});

async function notReady(context: RunContext, mayLack: boolean): Promise<string | undefined> {
	const {config, signal, place} = context;
	if (config.nats.monitor !== undefined) {
		const healthz = await readHealthz(config.nats.monitor, signal);
		if (healthz.status === 'booting' || healthz.status === 'unreachable') {
			return healthz.status === 'booting' ? 'booting' : (healthz.error ?? 'unreachable');
		}
		if (healthz.status === 'unavailable' && !mayLack) {
			return `/healthz: ${healthz.error}`;
		}
	}
	try {
		return await withNats(context, async (connection) => {
			await accountInfo(connection, 1000);
			if (readConfigs(place.configs).streams[config.stream]) {
				const isThere = await isKnown(() => streamInfo(connection, config.stream, 1000));
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
