import type {Config} from './schema.ts';

/**
The built-in profile. Each value comes from the runbook "NATS Partition Recovery" of the Titan deployment
(docs/runbook.md), or is a threshold of `nats server check` (75 and 90 % of a limit, 500 ms round trip).
*/
export const titan: Config = {
	deployment: 'titan',
	production: false,
	readOnly: false,
	docker: {project: 'titan'},
	nats: {
		service: 'titan-nats',
		url: 'nats://127.0.0.1:4222',
		monitor: 'http://127.0.0.1:8222',
	},
	stream: 'TITAN_INTENTS',
	consumer: 'execution-consumer',
	keep: 1000,
	health: [
		{
			name: 'brain',
			service: 'titan-brain',
			url: 'http://127.0.0.1:3100/health',
			// jq '.components[] | select(.name=="nats")', expect status = "healthy"
			healthy: "components[?name=='nats'].status | [0] == 'healthy'",
			show: "components[?name=='nats'].status | [0]",
			label: 'nats',
		},
		{
			name: 'execution',
			service: 'titan-execution',
			url: 'http://127.0.0.1:8081/health',
			// jq '.connections': the runbook does not say what it holds, so the usual forms are understood.
			healthy:
				"connections.nats.connected == `true` || connections.nats.status == 'healthy' || connections.nats == `true` || connections.nats == 'connected'",
			show: "connections.nats.status || connections.nats.connected && 'connected' || connections.nats",
			label: 'nats',
		},
	],
	metrics: [
		{
			name: 'sentinel',
			service: 'titan-sentinel',
			url: 'http://127.0.0.1:3002/metrics',
			lag: 'nats_lag_messages',
			storage: 'nats_storage_pressure_bytes',
		},
	],
	logs: {
		services: ['titan-brain', 'titan-execution'],
		signatures: ['connection refused', 'timeout', 'no responders'],
		tail: 50,
	},
	thresholds: {
		storageWarnPercent: 75,
		storageCriticalPercent: 90,
		lagWarn: 1000,
		lagCritical: 10_000,
		lagGrowingForMs: 15_000,
		rttWarnMs: 500,
		signatureMatchesPerMinute: 5,
		memoryWarnPercent: 90,
		diskWarnPercent: 90,
		fullWithinMinutes: 15,
		silentForMs: 30_000,
		redeliveredWarn: 100,
		healthWarnMs: 1000,
		logLinesPerSecond: 1000,
	},
	escalation: {afterMinutes: 15, warnMinutes: 10},
	runbooks: [],
};
