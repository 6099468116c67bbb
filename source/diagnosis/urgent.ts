import type {Observation} from '../state/observation.ts';
import {own} from '../state/record.ts';
import type {DeploymentState} from '../state/types.ts';

/** Whether an operator must see at once what an observation made of the state. */
export function isUrgent(before: DeploymentState, after: DeploymentState, {kind}: Observation): boolean {
	switch (kind) {
		case 'container':
		case 'containers':
			return Object.values(after.services).some((service) => {
				const previous = own(before.services, service.service);
				return previous?.status !== service.status || previous.health !== service.health;
			});
		case 'connection':
			return before.nats.connection.status !== after.nats.connection.status;
		case 'healthz':
			return before.nats.healthz?.status !== after.nats.healthz?.status;
		case 'node':
			return Object.values(after.nats.nodes ?? {}).some(
				({service, status}) => own(before.nats.nodes ?? {}, service)?.status !== status,
			);
		case 'source':
			return Object.entries(after.sources).some(
				([name, {status}]) => status === 'down' && own(before.sources, name)?.status !== 'down',
			);
		case 'run':
			return before.run !== after.run;
		case 'incident':
			return (
				before.escalation?.deliveredAt !== after.escalation?.deliveredAt ||
				before.escalation?.failedAt !== after.escalation?.failedAt
			);
		default:
			return false;
	}
}
