import {LabError} from '../run.ts';
import {accountFull} from './account-full.ts';
import {blocksDeleted} from './blocks-deleted.ts';
import {brainDown} from './brain-down.ts';
import {brainGarbage} from './brain-garbage.ts';
import {brainHangs} from './brain-hangs.ts';
import {brainHuge} from './brain-huge.ts';
import {brainSlow} from './brain-slow.ts';
import {brainUnhealthy} from './brain-unhealthy.ts';
import {clusterNameDiffers} from './cluster-name-differs.ts';
import {connectionsFull} from './connections-full.ts';
import {consumerAhead} from './consumer-ahead.ts';
import {consumerDeleted} from './consumer-deleted.ts';
import {consumerMaxDeliveries} from './consumer-max-deliveries.ts';
import {consumerPaused} from './consumer-paused.ts';
import {consumerSlow} from './consumer-slow.ts';
import {consumerStalled} from './consumer-stalled.ts';
import {consumersMany} from './consumers-many.ts';
import {credentialsRevoked} from './credentials-revoked.ts';
import {diskFull} from './disk-full.ts';
import {engineHung} from './engine-hung.ts';
import {engineKilled} from './engine-killed.ts';
import {engineStopped} from './engine-stopped.ts';
import {executionLies} from './execution-lies.ts';
import {executionMemory} from './execution-memory.ts';
import {executionOom} from './execution-oom.ts';
import {executionPartitioned} from './execution-partitioned.ts';
import {executionRemoved} from './execution-removed.ts';
import type {Fault} from './fault.ts';
import {hostileLogs} from './hostile-logs.ts';
import {hostileNames} from './hostile-names.ts';
import {jetstreamOff} from './jetstream-off.ts';
import {leaderKilled} from './leader-killed.ts';
import {logFlood} from './log-flood.ts';
import {loginRequired} from './login-required.ts';
import {metaSumDeleted} from './meta-sum-deleted.ts';
import {metricsDown} from './metrics-down.ts';
import {metricsStale} from './metrics-stale.ts';
import {metricsWrong} from './metrics-wrong.ts';
import {mirrorBehind} from './mirror-behind.ts';
import {msgsLost} from './msgs-lost.ts';
import {natsCrashLoop} from './nats-crash-loop.ts';
import {natsCutOff} from './nats-cut-off.ts';
import {natsHung} from './nats-hung.ts';
import {natsKilled} from './nats-killed.ts';
import {natsOom} from './nats-oom.ts';
import {natsPacketsDropped} from './nats-packets-dropped.ts';
import {natsPaused} from './nats-paused.ts';
import {natsRemoved} from './nats-removed.ts';
import {natsStopped} from './nats-stopped.ts';
import {nobodyPulling} from './nobody-pulling.ts';
import {nodeDown} from './node-down.ts';
import {nodeFrozen} from './node-frozen.ts';
import {nodePartitioned} from './node-partitioned.ts';
import {nodeRemoved} from './node-removed.ts';
import {permissionRevoked} from './permission-revoked.ts';
import {portDead} from './port-dead.ts';
import {publisherSilent} from './publisher-silent.ts';
import {purgeDenied} from './purge-denied.ts';
import {purgedByHand} from './purged-by-hand.ts';
import {quorumLost} from './quorum-lost.ts';
import {r1StreamOffline} from './r1-stream-offline.ts';
import {redeliveryStorm} from './redelivery-storm.ts';
import {slowConsumer} from './slow-consumer.ts';
import {sourceBehind} from './source-behind.ts';
import {storeFull} from './store-full.ts';
import {streamDeleted} from './stream-deleted.ts';
import {streamDropping} from './stream-dropping.ts';
import {streamFilling} from './stream-filling.ts';
import {streamFull} from './stream-full.ts';
import {streamLeaderless} from './stream-leaderless.ts';
import {streamSealed} from './stream-sealed.ts';

/**
 * All faults, in the order in which they are mended: what frees the servers first, then the servers, the services, and
 * the streams last, because they need all of these.
 */
export const FAULTS: readonly Fault[] = [
	natsPaused,
	nodeFrozen,
	natsHung,
	natsCutOff,
	executionPartitioned,
	natsPacketsDropped,
	nodePartitioned,
	diskFull,
	accountFull,
	natsOom,
	natsCrashLoop,
	jetstreamOff,
	storeFull,
	connectionsFull,
	loginRequired,
	credentialsRevoked,
	permissionRevoked,
	engineHung,
	engineKilled,
	engineStopped,
	natsKilled,
	natsStopped,
	natsRemoved,
	nodeDown,
	nodeRemoved,
	quorumLost,
	leaderKilled,
	portDead,
	brainDown,
	executionRemoved,
	executionOom,
	executionMemory,
	nobodyPulling,
	consumerStalled,
	consumerSlow,
	publisherSilent,
	purgedByHand,
	executionLies,
	brainUnhealthy,
	brainSlow,
	brainHangs,
	brainGarbage,
	brainHuge,
	metricsDown,
	metricsStale,
	metricsWrong,
	logFlood,
	hostileLogs,
	streamFull,
	streamFilling,
	streamDropping,
	streamDeleted,
	streamSealed,
	purgeDenied,
	metaSumDeleted,
	blocksDeleted,
	msgsLost,
	consumerDeleted,
	consumerAhead,
	consumerPaused,
	consumerMaxDeliveries,
	redeliveryStorm,
	consumersMany,
	mirrorBehind,
	sourceBehind,
	r1StreamOffline,
	streamLeaderless,
	clusterNameDiffers,
	hostileNames,
	slowConsumer,
];

/** The fault of that name. @throws LabError naming all there are */
export function faultNamed(name: string): Fault {
	const fault = FAULTS.find((one) => one.name === name);
	if (fault) return fault;
	throw new LabError(
		`There is no fault "${name}". Choose one of: ${FAULTS.map((one) => one.name).join(', ')}.`,
	);
}
