import {isCluster} from '../config/nodes.ts';
import type {Config} from '../config/schema.ts';
import type {DeploymentState, NatsState} from '../state/types.ts';

/** A server with its figures. */
export type Server = Pick<NatsState, 'varz' | 'jsz' | 'disk'> & {
	service: string;
	/** Makes ids of one of several servers: `:titan-nats-2`; of one that is alone they have none. */
	suffix: string;
};

/** The servers whose figures are read: the one that there is, or each of a cluster that works. */
export function serversOf({nats}: DeploymentState, config: Config): Server[] {
	const nodes = Object.values(nats.nodes ?? {}).filter(
		({service, status}) => status !== 'unreachable' && (isCluster(config) || service !== config.nats.service),
	);
	const {service} = config.nats;
	return [
		...(isCluster(config) ? [] : [{service, suffix: '', varz: nats.varz, jsz: nats.jsz, disk: nats.disk}]),
		...nodes.map((node) => ({...node, suffix: `:${node.service}`})),
	];
}
