import {nodeServices} from '../config/nodes.ts';
import type {Config} from '../config/schema.ts';
import {serviceRunbookId} from '../config/service-runbook.ts';
import type {DeploymentState} from '../state/types.ts';
import {consumingService} from './consuming-service.ts';
import type {Symptom} from './finding.ts';

/**
What restarts a service: R where it is a server's, else the runbook of that service alone.

@param otherwise - What a human must do where nobody knows which service it is.
*/
export function restartRemedy(
	service: string | undefined,
	config: Config,
	otherwise: string,
): Pick<Symptom, 'runbook' | 'advice'> {
	if (service === undefined) {
		return {advice: otherwise};
	}
	return {runbook: nodeServices(config).includes(service) ? 'restart' : serviceRunbookId(service)};
}

/** What restarts the service that reads from a consumer. */
export const restartReader = (
	consumer: string,
	state: DeploymentState,
	config: Config,
): Pick<Symptom, 'runbook' | 'advice'> =>
	restartRemedy(consumingService(consumer, state, config), config, 'restart the service that consumes it');

/** The service that reads from a consumer, in words, where nobody knows which it is too. */
export const readerOf = (consumer: string, state: DeploymentState, config: Config): string =>
	consumingService(consumer, state, config) ?? 'the service that consumes it';
