import type {RunbookId, Symptom} from './finding.ts';
import type {Rule} from './rule.ts';
import {rule as connections} from './rules/connections.ts';
import {rule as consumerAhead} from './rules/consumer-ahead.ts';
import {rule as consumerGrowing} from './rules/consumer-growing.ts';
import {rule as consumerIdle} from './rules/consumer-idle.ts';
import {rule as consumerLag} from './rules/consumer-lag.ts';
import {rule as consumerLeaderless} from './rules/consumer-leaderless.ts';
import {rule as consumerMaxDeliveries} from './rules/consumer-max-deliveries.ts';
import {rule as consumerMissing} from './rules/consumer-missing.ts';
import {rule as consumerPaused} from './rules/consumer-paused.ts';
import {rule as consumerRedelivery} from './rules/consumer-redelivery.ts';
import {rule as consumerStalled} from './rules/consumer-stalled.ts';
import {rule as consumerThreshold} from './rules/consumer-threshold.ts';
import {rule as consumerVanished} from './rules/consumer-vanished.ts';
import {rule as containerCpu} from './rules/container-cpu.ts';
import {rule as containerCrashLoop} from './rules/container-crash-loop.ts';
import {rule as containerDetached} from './rules/container-detached.ts';
import {rule as containerDown} from './rules/container-down.ts';
import {rule as containerMemory} from './rules/container-memory.ts';
import {rule as containerOom} from './rules/container-oom.ts';
import {rule as containerRestarted} from './rules/container-restarted.ts';
import {rule as containerUnhealthy} from './rules/container-unhealthy.ts';
import {rule as disk} from './rules/disk.ts';
import {rule as diskLow} from './rules/disk-low.ts';
import {rule as engineUnreachable} from './rules/engine-unreachable.ts';
import {rule as escalationFailed} from './rules/escalation-failed.ts';
import {rule as healthDisagrees} from './rules/health-disagrees.ts';
import {rule as healthSlow} from './rules/health-slow.ts';
import {rule as healthUnhealthy} from './rules/health-unhealthy.ts';
import {rule as healthUnreachable} from './rules/health-unreachable.ts';
import {rule as jetstreamOff} from './rules/jetstream-off.ts';
import {rule as logFlood} from './rules/log-flood.ts';
import {rule as logSignature} from './rules/log-signature.ts';
import {rule as metricsDisagree} from './rules/metrics-disagree.ts';
import {rule as metricsLag} from './rules/metrics-lag.ts';
import {rule as metricsMissing} from './rules/metrics-missing.ts';
import {rule as metricsStale} from './rules/metrics-stale.ts';
import {rule as metricsStorage} from './rules/metrics-storage.ts';
import {rule as metricsUnreachable} from './rules/metrics-unreachable.ts';
import {rule as natsAuth} from './rules/nats-auth.ts';
import {rule as natsBooting} from './rules/nats-booting.ts';
import {rule as natsDown} from './rules/nats-down.ts';
import {rule as natsUnhealthy} from './rules/nats-unhealthy.ts';
import {rule as natsUnreached} from './rules/nats-unreached.ts';
import {rule as nodeDown} from './rules/node-down.ts';
import {rule as portDead} from './rules/port-dead.ts';
import {rule as projectMissing} from './rules/project-missing.ts';
import {rule as quorumLost} from './rules/quorum-lost.ts';
import {rule as recordsFailed} from './rules/records-failed.ts';
import {rule as replicaBehind} from './rules/replica-behind.ts';
import {rule as routePartitioned} from './rules/route-partitioned.ts';
import {rule as rttSlow} from './rules/rtt-slow.ts';
import {rule as runUnfinished} from './rules/run-unfinished.ts';
import {rule as serverImpostor} from './rules/server-impostor.ts';
import {rule as slowConsumers} from './rules/slow-consumers.ts';
import {rule as sourceUnknown} from './rules/source-unknown.ts';
import {rule as splitBrain} from './rules/split-brain.ts';
import {rule as stopGrace} from './rules/stop-grace.ts';
import {rule as storage} from './rules/storage.ts';
import {rule as storageReserved} from './rules/storage-reserved.ts';
import {rule as storeInContainer} from './rules/store-in-container.ts';
import {rule as streamBegan} from './rules/stream-began.ts';
import {rule as streamFilling} from './rules/stream-filling.ts';
import {rule as streamFull} from './rules/stream-full.ts';
import {rule as streamGaps} from './rules/stream-gaps.ts';
import {rule as streamLeaderless} from './rules/stream-leaderless.ts';
import {rule as streamMissing} from './rules/stream-missing.ts';
import {rule as streamOffline} from './rules/stream-offline.ts';
import {rule as streamRemoved} from './rules/stream-removed.ts';
import {rule as streamSealed} from './rules/stream-sealed.ts';
import {rule as streamSilent} from './rules/stream-silent.ts';
import {rule as streamThreshold} from './rules/stream-threshold.ts';
import {rule as streamVanished} from './rules/stream-vanished.ts';
import {rule as unread} from './rules/unread.ts';
import {rule as upstream} from './rules/upstream.ts';
import {rule as versionsDiffer} from './rules/versions-differ.ts';
import {splitId} from './symptom-id.ts';

/** All that is looked for, causes before what follows from them: the order of findings of one severity. */
export const rules: readonly Rule[] = [
	engineUnreachable,
	projectMissing,
	serverImpostor,
	runUnfinished,
	quorumLost,
	containerOom,
	containerCrashLoop,
	disk,
	portDead,
	natsDown,
	natsUnreached,
	nodeDown,
	natsBooting,
	natsUnhealthy,
	jetstreamOff,
	natsAuth,
	containerDown,
	containerDetached,
	routePartitioned,
	splitBrain,
	streamOffline,
	streamLeaderless,
	streamMissing,
	streamSealed,
	streamFull,
	consumerLeaderless,
	consumerMissing,
	consumerAhead,
	consumerPaused,
	consumerStalled,
	consumerIdle,
	healthDisagrees,
	storage,
	streamFilling,
	storageReserved,
	diskLow,
	connections,
	upstream,
	consumerLag,
	consumerGrowing,
	consumerThreshold,
	streamThreshold,
	consumerRedelivery,
	consumerMaxDeliveries,
	healthUnreachable,
	healthUnhealthy,
	healthSlow,
	metricsUnreachable,
	metricsMissing,
	metricsLag,
	metricsStorage,
	metricsDisagree,
	metricsStale,
	replicaBehind,
	containerUnhealthy,
	containerMemory,
	containerCpu,
	streamSilent,
	streamBegan,
	streamRemoved,
	streamGaps,
	streamVanished,
	consumerVanished,
	logSignature,
	logFlood,
	slowConsumers,
	containerRestarted,
	rttSlow,
	storeInContainer,
	stopGrace,
	versionsDiffer,
	escalationFailed,
	recordsFailed,
	sourceUnknown,
	unread,
];

const byId = new Map(rules.map((rule) => [rule.id, rule]));

/** The rule that a symptom comes from; none where a rule failed, or where a recording of another version tells. */
export function ruleOf(symptomId: string): Rule | undefined {
	return byId.get(splitId(symptomId).rule);
}

/** What must not be done about a symptom, as a sentence; nothing where there is nothing to warn of. */
export function doNot(symptomId: string): string | undefined {
	const avoid = ruleOf(symptomId)?.avoid;
	return avoid === undefined ? undefined : `Do not ${avoid.charAt(0).toLowerCase()}${avoid.slice(1)}`;
}

/** Those of the findings that a runbook would make worse. */
export const madeWorseBy = <T extends Symptom>(runbook: RunbookId, findings: readonly T[]): T[] =>
	findings.filter(({id}) => ruleOf(id)?.worse?.includes(runbook));
