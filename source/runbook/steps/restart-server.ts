import {composeUp} from '../../clients/docker/compose.ts';
import {readHealthz} from '../../clients/nats/monitor.ts';
import {formatAge} from '../../text/duration.ts';
import type {RunContext} from '../context.ts';
import type {Step} from '../step.ts';

/** Restarts the server's container, unless the server is booting: a second restart makes it begin again. */
export const restartServerStep: Step = {
	id: 'restart',
	title: ({config}) => `restart ${config.nats.service}`,
	describe: () => 'the data stays in its volume; a server that is booting is waited for, not restarted',
	command: ({config}) => `docker compose -p ${config.docker.project} restart ${config.nats.service}`,
	async run(context, {config}) {
		const {docker, control} = context;
		const service = config.nats.service;
		const server = (await docker.list(config.docker.project)).find(
			(container) => container.service === service,
		);
		if (!server) {
			context.progress('the container is missing; Compose makes it');
			const project = await docker.composeProject(config.docker.project);
			await composeUp(docker.endpoint, project, [service], context.signal);
			return `${service} was missing and was made by Compose`;
		}
		const booting = await bootingFor(context, server.status, server.startedAt);
		if (booting !== undefined) {
			return {
				skipped: `${service} has been booting for ${formatAge(booting)}: it is waited for, not restarted`,
			};
		}
		if (server.status === 'paused') {
			// The engine sends a stop signal that a frozen process can't take, and kills it after the grace.
			await control.unpause(server.containerId);
		}
		await control.restart(server.containerId);
		return `${service} restarted`;
	},
};

/** For how long the server has been booting, in milliseconds; undefined where it is not. */
async function bootingFor(
	{config, signal}: RunContext,
	status: string,
	startedAt: number | undefined,
): Promise<number | undefined> {
	if (status !== 'running' || config.nats.monitor === undefined) {
		return undefined;
	}
	const healthz = await readHealthz(config.nats.monitor, signal);
	return healthz.status === 'booting' ? Date.now() - (startedAt ?? Date.now()) : undefined;
}
