import type {Config} from '../config/schema.ts';
import {own} from '../state/record.ts';
import type {DeploymentState} from '../state/types.ts';

/**
The service that reads from a consumer: the one that the configuration names, else probably. JetStream does not say who does,
so the names decide then: an endpoint `execution` of titan-execution, or a service that ends in `-execution`, for
`execution-consumer`.
*/
export function consumingService(
	consumer: string,
	state: DeploymentState,
	config: Config,
): string | undefined {
	const named = own(config.consumers ?? {}, consumer);
	if (named !== undefined) {
		return named;
	}
	const words = new Set(wordsOf(consumer));
	const endpoints = [...config.health, ...config.metrics].flatMap(({name, service}) =>
		service !== undefined && wordsOf(name).every((word) => words.has(word)) ? [service] : [],
	);
	const [endpoint, ...others] = new Set(endpoints);
	if (endpoint !== undefined && others.length === 0) {
		return endpoint;
	}
	const matches = Object.keys(state.services)
		.filter((service) => service !== config.nats.service && words.has(wordsOf(service).at(-1) ?? ''))
		.map((service) => ({service, count: wordsOf(service).filter((word) => words.has(word)).length}))
		.sort((a, b) => b.count - a.count);
	// Of two that are as like nobody knows which it is, and a guess would restart the wrong one.
	return matches[0] && matches[0].count !== matches[1]?.count ? matches[0].service : undefined;
}

const wordsOf = (name: string): string[] =>
	name
		.toLowerCase()
		.split(/[^a-z0-9]+/)
		.filter(Boolean);
