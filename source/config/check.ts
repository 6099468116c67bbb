import {clashes, oneActionEach} from './check-runbooks.ts';
import type {Problem} from './explain.ts';
import {expressionFault} from './expression.ts';
import type {Config} from './schema.ts';
import {isSection, type Values, valueAt} from './values.ts';

/** What the schema cannot see in a file, whether or not the schema accepts it. */
export async function checkGiven(given: Values): Promise<Problem[]> {
	return [
		...contextAlone(given),
		...ownWords(given),
		...(await expressions(given['health'])),
		...oneActionEach(given),
	];
}

/** What only shows when the file and the profile are together: values that contradict each other. */
export function checkTogether(given: Values, config: Config): Problem[] {
	return [
		...inOrder(given, config, 'storageWarnPercent', 'storageCriticalPercent'),
		...inOrder(given, config, 'lagWarn', 'lagCritical'),
		...warnsBefore(given, config),
		...cluster(config),
		...twice('health', config.health),
		...twice('metrics', config.metrics),
		...clashes(config),
	];
}

/** What jetmedic itself notes in a configuration. */
const ownWords = (given: Values): Problem[] =>
	valueAt(given, ['nats', 'withheldFor']) === undefined
		? []
		: [{path: ['nats', 'withheldFor'], text: 'is not a setting; leave it out.'}];

/** A context holds the address and the credentials: a file that has both does not say which is meant. */
function contextAlone(given: Values): Problem[] {
	const nats = valueAt(given, ['nats']);
	if (!isSection(nats) || nats['context'] === undefined) {
		return [];
	}
	return ['url', 'user', 'password', 'token', 'nkey', 'creds']
		.filter((key) => nats[key] !== undefined)
		.map((key) => ({
			path: ['nats', key],
			text: 'nats.context takes the place of the address and the credentials; leave one of the two out.',
		}));
}

type Threshold = keyof Config['thresholds'];

function inOrder(given: Values, {thresholds}: Config, warn: Threshold, critical: Threshold): Problem[] {
	if (thresholds[warn] <= thresholds[critical]) {
		return [];
	}
	const own = valueAt(given, ['thresholds', warn]) !== undefined ? warn : critical;
	const text = `${warn} (${thresholds[warn]}) must not be above ${critical} (${thresholds[critical]}).`;
	return [{path: ['thresholds', own], text}];
}

/** The built-in minute of the warning gives way to an earlier escalation; one that the file names must come before it. */
function warnsBefore(given: Values, {escalation}: Config): Problem[] {
	const path = ['escalation', 'warnMinutes'];
	const {warnMinutes, afterMinutes} = escalation;
	return warnMinutes <= afterMinutes || valueAt(given, path) === undefined
		? []
		: [{path, text: `warnMinutes (${warnMinutes}) must not be above afterMinutes (${afterMinutes}).`}];
}

/** A server is known by its service, and its port is its own: one that is given twice would be counted twice. */
function cluster({nats}: Config): Problem[] {
	const peers = nats.peers ?? [];
	const services = [nats.service, ...peers.map(({service}) => service)];
	const monitors = [nats.monitor, ...peers.map(({monitor}) => monitor)];
	const isRepeated = (values: (string | undefined)[], index: number): boolean =>
		values.indexOf(values[index]) < index;
	const repeated = peers.flatMap((_, index): Problem[] => [
		...(isRepeated(services, index + 1)
			? [
					{
						path: ['nats', 'peers', index, 'service'],
						text: 'is the service of another server already: name the others of the cluster, each once.',
					},
				]
			: []),
		...(isRepeated(monitors, index + 1)
			? [
					{
						path: ['nats', 'peers', index, 'monitor'],
						text: 'is the monitoring port of another server already: each has its own.',
					},
				]
			: []),
	]);
	return peers.length > 0 && nats.monitor === undefined
		? [
				{
					path: ['nats', 'peers'],
					text: `needs nats.monitor: the first server (${nats.service}) is watched as the others are.`,
				},
				...repeated,
			]
		: repeated;
}

/** The state keeps an endpoint by its name. */
function twice(list: 'health' | 'metrics', endpoints: readonly {name: string}[]): Problem[] {
	return endpoints.flatMap(({name}, index) =>
		endpoints.findIndex((other) => other.name === name) < index
			? [{path: [list, index, 'name'], text: `there is another entry with the name "${name}".`}]
			: [],
	);
}

async function expressions(health: unknown): Promise<Problem[]> {
	const problems: Problem[] = [];
	for (const [index, endpoint] of (Array.isArray(health) ? health : []).entries()) {
		for (const key of ['healthy', 'show'] as const) {
			const text = valueAt(endpoint, [key]);
			const fault = typeof text === 'string' && text !== '' ? await expressionFault(text) : undefined;
			if (fault !== undefined) {
				problems.push({path: ['health', index, key], text: `is not a JMESPath expression: ${fault}.`});
			}
		}
	}
	return problems;
}
