import {namedServices} from '../../diagnosis/questions.ts';
import type {RunContext} from '../context.ts';
import {ownContainers} from '../own-containers.ts';
import {byService} from '../services.ts';
import type {Check} from './check.ts';

/** Every service of the deployment has a container that runs, is healthy by its own check, and has a network. */
export function containersCheck({deployment, config, memory}: RunContext): Check {
	return {
		name: 'containers running and healthy',
		otherwise: 'Read the log of the container that is named (l on its row), and start it.',
		async test() {
			// A replica that was stopped before the run is as it was.
			const containers = [...byService(await deployment.engine.containers()).values()].flatMap((replicas) =>
				ownContainers(replicas, memory.stoppedContainers),
			);
			const named = new Set(namedServices(config));
			const there = new Set(containers.map(({service}) => service));
			const missing = [...named].filter((service) => !there.has(service));
			const wrong = containers.filter(
				({service, status, health, exitCode, networks}) =>
					// A container that did its work and ended well, such as a migration, is as it should be.
					!(status === 'exited' && exitCode === 0 && !named.has(service) && !memory.stopped?.has(service)) &&
					(status !== 'running' || health === 'unhealthy' || health === 'starting' || networks.length === 0),
			);
			const healthy = containers.filter(({health}) => health === 'healthy').length;
			const running = containers.filter(({status}) => status === 'running').length;
			return wrong.length > 0 || missing.length > 0 || containers.length === 0
				? {
						ok: false,
						evidence:
							[
								...missing.map((service) => `${service} missing`),
								...wrong.map(
									({service, status, health, networks}) =>
										`${service} ${status}${health === 'none' ? '' : ` ${health}`}${networks.length === 0 ? ' without a network' : ''}`,
								),
							].join(', ') || 'no container',
					}
				: {ok: true, evidence: `${running} running, ${healthy} healthy by their own check`};
		},
	};
}
