import type {Model} from './model.ts';
import type {Fact} from './screens/fact.ts';

/** The facts of it, for the help and the details. */
export function originFacts({snapshot, config, origin}: Model): Fact[] {
	const {connection, server} = snapshot.state.nats;
	const {engine} = snapshot.state;
	const from = origin?.natsFrom === undefined ? '' : ` (from ${origin.natsFrom}, not from the configuration)`;
	return [
		['configuration', origin && configurationWords(origin.configuration)],
		['NATS', `${connection.url}${from}${server?.id === undefined ? '' : `, server ${server.id}`}`],
		['engine', origin && `${origin.engine}${engine?.id === undefined ? '' : `, ID ${engine.id}`}`],
		['project', config.docker.project],
	];
}

const configurationWords = (source: string): string =>
	source === 'built-in' ? 'the built-in profile; no file was loaded' : source;

/** An address without its scheme, for a row that has no room. */
export const shortAddress = (url: string): string => url.replaceAll(/\b[a-z]+:\/\//g, '');
