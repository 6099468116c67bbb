import type {Model} from './model.ts';
import type {Fact} from './screens/facts.ts';

/** Where a console looks, and what says so: which file, which engine, and whether something took the file's place. */
export type Origin = {
	/** The path of the configuration, or `built-in`. */
	configuration: string;
	/** The address of the engine: `unix:///var/run/docker.sock`. */
	engine: string;
	/** What names the NATS server in the place of the configuration, such as `NATS_URL`; undefined when nothing does. */
	natsFrom?: string | undefined;
};

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
