import {toClusterFacts} from '../../deployment/jetstream.ts';
import {isBehind} from '../../state/cluster.ts';
import type {RunContext} from '../context.ts';
import {answerMs, type Check} from './check.ts';
import type {Shared} from './shared-nats.ts';

/** The stream has its leader, and every other server that keeps it has all that the leader has. */
export function replicasCheck({config}: RunContext, nats: Shared): Check {
	return {
		name: `the replicas of ${config.stream} are current`,
		otherwise: `Start the server that is named; where it runs, look at its disk, and wait until it has copied what it lacks.`,
		async test() {
			const info = await (await nats.get()).stream(config.stream, answerMs);
			if (!info.cluster) {
				return {ok: true, evidence: `${config.stream} has no replicas`};
			}
			const {leader, replicas} = toClusterFacts(info.cluster);
			if (leader === undefined) {
				return {ok: false, evidence: `${config.stream} has no leader`};
			}
			const wanted = info.config.num_replicas ?? 1;
			const behind = replicas.filter(isBehind);
			const current = 1 + replicas.length - behind.length;
			return behind.length > 0 || current < wanted
				? {
						ok: false,
						evidence: `${current} of ${wanted} current${behind.length > 0 ? `, behind: ${behind.map(({name}) => name).join(', ')}` : ''}`,
					}
				: {ok: true, evidence: `${current} of ${wanted} current, led by ${leader}`};
		},
	};
}
