import {nodeServices} from '../../config/nodes.ts';
import {plural} from '../../text/count.ts';
import type {RunContext} from '../context.ts';
import {otherContainer, otherCreated, otherEngine, type Pins} from '../identity/pins.ts';
import {streamCreated} from '../identity/read-pins.ts';
import type {Check} from './check.ts';
import type {Shared} from './shared-nats.ts';

/** What the run acted on is what was planned, but for what the run itself made: somebody else may have replaced something. */
export function identityCheck({deployment, config, pins, memory}: RunContext, nats: Shared): Check {
	return {
		name: 'nothing was replaced',
		otherwise:
			'Somebody else changed the deployment during the run. Find out who it was, and look at the plan again.',
		async test() {
			const {engine} = deployment;
			const [id, containers] = await Promise.all([engine.id(), engine.containers()]);
			const stream =
				pins.stream === undefined ? undefined : await streamCreated(await nats.get(), config.stream);
			const touched = [...(memory.touched ?? []), ...nodeServices(config)];
			const other =
				memory.lostStream ??
				otherEngine(pins, id) ??
				otherContainer(pins, containers, touched) ??
				(stream && otherCreated(pins.stream, stream));
			// What the run had nothing to do with may be deployed meanwhile; the record says so.
			const besides = otherContainer(pins, containers, Object.keys(pins.containers));
			return other === undefined
				? {
						ok: true,
						evidence: [...whatIsSame(pins, touched), ...(besides ? [`besides: ${besides}`] : [])].join('; '),
					}
				: {ok: false, evidence: other};
		},
	};
}

function whatIsSame({containers, stream}: Pins, touched: readonly string[]): string[] {
	const ids = [...new Set(touched)].flatMap((service) => containers[service] ?? []);
	return [
		plural(ids.length, 'container'),
		...(stream?.created ? [`${stream.name} created at ${stream.created}`] : []),
	];
}
