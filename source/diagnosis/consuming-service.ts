import type {Config} from '../config/schema.ts';
import type {DeploymentState} from '../state/types.ts';

/**
The service that probably reads from a consumer. JetStream does not say who does, so the names decide: an
endpoint `execution` of titan-execution, or a service that ends in `-execution`, for `execution-consumer`.
*/
export function consumingService(
	consumer: string,
	state: DeploymentState,
	config: Config,
): string | undefined {
	const words = new Set(wordsOf(consumer));
	const endpoint = [...config.health, ...config.metrics].find(
		({name, service}) => service !== undefined && wordsOf(name).every((word) => words.has(word)),
	);
	if (endpoint?.service !== undefined) {
		return endpoint.service;
	}
	return Object.keys(state.services).find((service) => {
		const last = wordsOf(service).at(-1);
		return service !== config.nats.service && last !== undefined && words.has(last);
	});
}

const wordsOf = (name: string): string[] =>
	name
		.toLowerCase()
		.split(/[^a-z0-9]+/)
		.filter(Boolean);
