import type {RunbookSpec} from './runbook-schema.ts';

/** Ids of the others have no dot, so none of them is taken for one of these. */
const prefix = 'service.';

/** The id of the runbook that restarts one service: `service.titan-execution`. */
export const serviceRunbookId = (service: string): string => `${prefix}${service}`;

/** The service that such an id names; undefined for the id of another runbook, or a name that can be no service's. */
export function serviceOfRunbook(id: string): string | undefined {
	const service = id.startsWith(prefix) ? id.slice(prefix.length) : '';
	return /^[a-zA-Z0-9][\w.-]{0,99}$/.test(service) ? service : undefined;
}

/** The runbook that restarts one service and nothing else: what mends a service that is stuck, stopped or gone. */
export function serviceRunbook(id: string): RunbookSpec | undefined {
	const service = serviceOfRunbook(id);
	return service === undefined
		? undefined
		: {
				id,
				title: `restart ${service}`,
				label: `restart ${service}`,
				about: `restart ${service} alone, or start it, wait until it is healthy, verify`,
				steps: [{restart: [service]}, {waitFor: [service]}, {waitFor: 'endpoints'}, {verify: true}],
			};
}
