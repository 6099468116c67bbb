import {openDocker} from '../clients/docker/client.ts';
import {dockerEndpoint} from '../clients/docker/endpoint.ts';
import type {Config} from '../config/schema.ts';
import {placeOf} from '../records/place.ts';
import type {ReadContext} from '../runbook/context.ts';

/**
What every command reads a deployment with. Opens no connection yet.

@throws ConfigError where the engine's address or context can't be used.
*/
export function readContext(config: Config, env: NodeJS.ProcessEnv, signal: AbortSignal): ReadContext {
	const docker = openDocker(dockerEndpoint(config.docker, env));
	return {config, env, docker, signal, place: placeOf(config, env)};
}
