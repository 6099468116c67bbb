import {nodeServices} from '../../config/nodes.ts';
import type {ContainerFacts} from '../../state/observation.ts';
import type {RunState} from '../../state/run.ts';
import {formatCount, plural} from '../../text/count.ts';
import {commandLine} from '../../text/shell-quote.ts';
import {confirmServices} from '../identity/confirm.ts';
import {settledState} from '../settled.ts';
import type {Step} from '../step.ts';

/**
Waits until a purge that was in flight when its run was killed has come to its end: the server may still be at it, and
must not be stopped meanwhile. Says what it took.
*/
export const settleStep = (run: RunState): Step => ({
	id: 'settle',
	title: ({config}) => `wait for the purge of ${config.stream} to end`,
	describe: () => 'the killed run had sent it; its outcome is read from the stream, nothing is purged again',
	command: ({config}) => commandLine(['nats', 'stream', 'info'], [config.stream]),
	async run(context, {config}) {
		const containers = await context.deployment.engine.containers();
		const names = nodeServices(config);
		const servers = containers.filter(({service}) => names.includes(service));
		const wasDown = ({status, startedAt = 0}: ContainerFacts): boolean =>
			(status !== 'running' && status !== 'paused') || startedAt > run.at;
		if (servers.length > 0 && servers.every(wasDown)) {
			const were = servers.map(({service}) => service).join(', ');
			return {
				skipped: `${were} ${servers.length === 1 ? 'was' : 'were'} down since then, so no purge is in flight`,
			};
		}
		for (const server of servers.filter(({status}) => status === 'paused')) {
			// A frozen server has the purge still before it (docs/facts.md).
			await confirmServices(context, [server.service]);
			await context.control.unpause(server.containerId);
		}
		const settled = await settledState(config.stream, context);
		if (settled === undefined) {
			return {skipped: `the server does not know ${config.stream}`};
		}
		const {state} = settled;
		const before = run.removes?.messages;
		const gone = before === undefined ? undefined : Math.max(0, before - state.messages);
		if (gone === 0) {
			return `nothing was removed: ${config.stream} stands still at ${plural(state.messages, 'message')}`;
		}
		const text =
			gone === undefined
				? `${config.stream} holds ${plural(state.messages, 'message')} from sequence ${state.first_seq} on`
				: `about ${plural(gone, 'message')} of ${formatCount(before)} that the plan counted, by the run that was killed`;
		context.write({event: 'lost', text, ...(gone === undefined ? {} : {removed: gone})});
		return `${config.stream} stands still at ${plural(state.messages, 'message')}`;
	},
});
