import {nodeServices} from '../config/nodes.ts';
import type {Config} from '../config/schema.ts';

/** A text of a runbook with the deployment's own names in it. */
export function fill(text: string, config: Config): string {
	const {stream, consumer, keep} = config;
	const services = nodeServices(config);
	const server = services.length === 1 ? services[0] : `the ${services.length} servers`;
	return text.replace(
		/\{(server|stream|consumer|keep)\}/g,
		(_, word: string) => ({server, stream, consumer, keep: String(keep)})[word] ?? '',
	);
}
