import {type DockerClient, openDocker} from '../clients/docker/client.ts';
import {dockerEndpoint} from '../clients/docker/endpoint.ts';
import type {Config} from '../config/schema.ts';
import {openDeployment} from '../deployment/real-deployment.ts';
import {openLock} from '../lock/lock.ts';
import {openPlace} from '../records/identity.ts';
import {openRecords} from '../records/open-records.ts';
import type {Place} from '../records/place.ts';
import type {ReadContext} from '../runbook/context.ts';

/** What every command reads a deployment with: the seam, and what the sources watch. */
export type CommandContext = ReadContext & {docker: DockerClient; place: Place; env: NodeJS.ProcessEnv};

/**
Opens no connection yet: whose records these are is settled by `identify`.

@param place - The place of the records, where the caller has it already.
@throws ConfigError where the engine's address or context can't be used.
*/
export function readContext(
	config: Config,
	env: NodeJS.ProcessEnv,
	signal: AbortSignal,
	place?: Place,
): CommandContext {
	const docker = openDocker(dockerEndpoint(config.docker, env));
	const records = place ?? openPlace(config, docker.endpoint.describe, env);
	return {
		config,
		env,
		docker,
		place: records,
		signal,
		deployment: openDeployment({config, env, docker}),
		records: openRecords(records, config, env),
		lock: openLock({config, env, docker, place: records}),
	};
}

/** Whether a configuration of the stream of the runbooks was ever saved, and of which of its consumers. Never throws. */
export function savedNames({records, config}: ReadContext): Record<string, string[]> {
	const saved = records.savedStream(config.stream);
	return saved === undefined ? {} : {[config.stream]: Object.keys(saved.consumers)};
}
