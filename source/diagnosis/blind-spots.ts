import type {Config} from '../config/schema.ts';
import {isBlind, type Reading} from '../state/reading.ts';
import {own} from '../state/record.ts';
import type {DeploymentState, SourceState} from '../state/types.ts';
import {formatCount} from '../text/count.ts';
import {presentStreams, sourceOf} from './questions.ts';

/** Something that was looked for and not read. */
export type BlindSpot = {
	/** `consumers/ORDERS`, `stream/ORDERS`, `consumer/ORDERS/billing`, `container/web`, `jsz`. */
	subject: string;
	/** Short, with its verb: `The consumers of ORDERS are`. */
	what: string;
	reading: Reading;
};

/**
All that the last look could not read, of what sources that work should have told: the lists that were cut, the rows that
were not understood, what was refused. What a source that is down leaves unknown is that source's own.
*/
export function blindSpots(state: DeploymentState, config: Config): BlindSpot[] {
	return [
		...(isUp(sourceOf(state, 'nats')) ? [...ofStreams(state, config), ...ofNamed(state, config)] : []),
		...(isUp(sourceOf(state, 'docker')) ? ofContainers(state) : []),
		...ofFigures(state, config),
		...ofMetrics(state, config),
	];
}

/** Metrics that tell the lag, and not the bytes that they should tell as well. */
const ofMetrics = ({metrics}: DeploymentState, config: Config): BlindSpot[] =>
	config.metrics.flatMap(({name, storage}): BlindSpot[] => {
		const known = own(metrics, name);
		return storage === undefined || known?.status !== 'ok' || known.storageBytes !== undefined
			? []
			: [
					{
						subject: `metrics/${name}`,
						what: `The storage in the metrics of ${name} is`,
						reading: {status: 'part', since: known.valueSince, error: `no ${storage}`},
					},
				];
	});

const isUp = (source: SourceState | undefined): boolean => source?.status === 'up';

/** How much of a list was read: `5,120 of 6,000 read`. */
export const shareRead = ({read, total}: Pick<Reading, 'read' | 'total'>): string | undefined =>
	read !== undefined && total !== undefined
		? `${formatCount(read)} of ${formatCount(total)} read`
		: undefined;

function ofStreams(state: DeploymentState, config: Config): BlindSpot[] {
	const list = own(state.readings ?? {}, 'streams');
	const spots: BlindSpot[] = isBlind(list)
		? [{subject: 'streams', what: 'Some streams are', reading: list!}]
		: [];
	for (const {name, reading, consumersReading, consumers} of presentStreams(state, config)) {
		if (isBlind(reading)) {
			spots.push({subject: `stream/${name}`, what: `${name} is`, reading: reading!});
			continue;
		}
		if (isBlind(consumersReading)) {
			const what = `${consumersReading?.status === 'part' ? 'Some consumers' : 'The consumers'} of ${name} are`;
			spots.push({subject: `consumers/${name}`, what, reading: consumersReading!});
			continue;
		}
		for (const consumer of Object.values(consumers)) {
			if (consumer.present && isBlind(consumer.reading)) {
				spots.push({
					subject: `consumer/${name}/${consumer.name}`,
					what: `${consumer.name} of ${name} is`,
					reading: consumer.reading!,
				});
			}
		}
	}
	return spots;
}

/** What the configuration names, if neither a list nor an answer of its own told of it. */
function ofNamed(state: DeploymentState, {stream: name, consumer}: Config): BlindSpot[] {
	const stream = own(state.streams, name);
	const isSilent = Object.hasOwn(state.nats.unanswered ?? {}, name);
	if (isSilent) {
		return [];
	}
	const said = own(state.named ?? {}, name);
	const isRead = stream?.present === true && !isBlind(stream.reading);
	if (!isRead) {
		// Before the first look nothing was asked yet.
		return said?.answer === 'unread' && !(stream?.present === true)
			? [{subject: `stream/${name}`, what: `${name} is`, reading: unread(said)}]
			: [];
	}
	const known = own(stream.consumers, consumer);
	const answer = own(state.named ?? {}, `${name}/${consumer}`);
	const isKnown = known?.present === true && !isBlind(known.reading);
	const isAway = Object.hasOwn(stream.unansweredConsumers ?? {}, consumer);
	return isKnown || isAway || answer?.answer !== 'unread'
		? []
		: [
				{
					subject: `consumer/${name}/${consumer}`,
					what: `${consumer} of ${name} is`,
					reading: unread(answer),
				},
			];
}

const unread = ({since, error}: {since: number; error?: string}): Reading => ({
	status: 'unread',
	since,
	...(error !== undefined && {error}),
});

const ofContainers = ({readings = {}}: DeploymentState): BlindSpot[] =>
	Object.entries(readings).flatMap(([key, reading]) => {
		const service = /^container:(.*)$/s.exec(key)?.[1];
		return service === undefined || !isBlind(reading)
			? []
			: [{subject: `container/${service}`, what: `The container of ${service} is`, reading}];
	});

function ofFigures(state: DeploymentState, config: Config): BlindSpot[] {
	const {service} = config.nats;
	const of = (key: string, source: string, what: string): BlindSpot[] => {
		const reading = own(state.readings ?? {}, key);
		// More connections than are read are no fault; of what is not known then, no rule speaks.
		const isMeant = key === 'connz' && reading?.status === 'part';
		return isUp(sourceOf(state, source)) && isBlind(reading) && !isMeant
			? [{subject: key, what, reading: reading!}]
			: [];
	};
	return [
		...of('account', 'nats', 'The limits of the account are'),
		...of('varz', 'monitor', `The figures of ${service} (/varz) are`),
		...of('jsz', 'monitor', `The JetStream storage of ${service} (/jsz) is`),
		...of('connz', 'monitor', `The connections to ${service} (/connz) are`),
		...Object.keys(state.readings ?? {}).flatMap((key) => {
			const node = /^view:(.*)$/s.exec(key)?.[1];
			return node === undefined ? [] : of(key, `node:${node}`, `The view of ${node} of the cluster is`);
		}),
	];
}
