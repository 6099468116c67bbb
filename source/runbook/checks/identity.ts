import type {RunContext} from '../context.ts';
import {otherContainer, otherCreated, otherEngine} from '../identity/pins.ts';
import {streamCreated} from '../identity/read-pins.ts';
import type {Check} from './check.ts';
import type {Shared} from './shared-nats.ts';

/** What the run acted on is what was planned, but for what the run itself made: somebody else may have replaced something. */
export function identityCheck({deployment, config, pins, memory}: RunContext, nats: Shared): Check {
	return {
		name: 'nothing was replaced',
		otherwise: 'Somebody else changed the deployment during the run. Read who, and look at the plan again.',
		async test() {
			const {engine} = deployment;
			const [id, containers] = await Promise.all([engine.id(), engine.containers()]);
			const stream =
				pins.stream === undefined ? undefined : await streamCreated(await nats.get(), config.stream);
			const other =
				memory.lostStream ??
				otherEngine(pins, id) ??
				otherContainer(pins, containers, Object.keys(pins.containers)) ??
				(stream && otherCreated(pins.stream, stream));
			const count = Object.values(pins.containers).flat().length;
			return other === undefined
				? {
						ok: true,
						evidence: `${count} containers${pins.stream?.created ? `, ${config.stream} created at ${pins.stream.created}` : ''}`,
					}
				: {ok: false, evidence: other};
		},
	};
}
