import {isCluster, nodesOf} from '../config/nodes.ts';
import type {Config} from '../config/schema.ts';
import {redact} from '../text/redact.ts';
import type {DeploymentState} from './types.ts';

/**
What is known before anything was seen: nothing, and which sources will tell.

@param host - The name of the machine that the console runs on.
@param now - Milliseconds since the epoch.
*/
export function initialState({
	config,
	host,
	now,
}: {
	config: Config;
	host: string;
	now: number;
}): DeploymentState {
	const sources = [
		'docker',
		'nats',
		...(config.nats.monitor === undefined ? [] : ['monitor']),
		...(config.nats.system === undefined ? [] : ['system']),
		...(isCluster(config)
			? nodesOf(config).flatMap(({service, monitor}) => (monitor === undefined ? [] : [`node:${service}`]))
			: []),
		...config.health.map((endpoint) => `health:${endpoint.name}`),
		...config.metrics.map((endpoint) => `metrics:${endpoint.name}`),
	];
	return {
		deployment: config.deployment,
		host,
		production: config.production,
		watched: {stream: config.stream, consumer: config.consumer},
		startedAt: now,
		at: now,
		sources: Object.fromEntries(sources.map((source) => [source, {status: 'starting', since: now}])),
		services: {},
		nats: {connection: {status: 'connecting', since: now, url: redact(config.nats.url), reconnects: 0}},
		streams: {},
		health: {},
		metrics: {},
		logs: {lines: [], matches: {}},
		history: {lag: [], storage: []},
	};
}
