import type {Look, StreamLook} from '../records/event.ts';
import {formatBytes} from '../text/bytes.ts';
import {formatCount} from '../text/count.ts';
import {escapeText, table} from './markdown.ts';

type Cells = readonly [what: string, before: string, after: string];

const maxContainers = 40;
const maxConsumers = 30;

/**
The deployment before and after a run, side by side: containers, server, streams and consumers.

@param own - The run's own stream, shown in full; of the others only the messages.
*/
export function beforeAfter(before: Look | undefined, after: Look | undefined, own: string): string[] {
	const rows = [
		...containerRows(before, after),
		['server `/healthz`', healthz(before), healthz(after)] as const,
		...streamRows(before, after, own),
	];
	const notes = [
		...(before === undefined ? ['There is no look at the deployment from before the run.'] : []),
		...(after === undefined ? ['There is no look at the deployment from after the run.'] : []),
		...(before?.unanswered ?? []).map((text) => `Before: ${escapeText(text)}`),
		...(after?.unanswered ?? []).map((text) => `After: ${escapeText(text)}`),
	];
	return [
		...table(['', 'before', 'after'], rows),
		...(notes.length === 0 ? [] : ['', ...notes.map((note) => `- ${note}`)]),
	];
}

const unknown = 'unknown';

const healthz = (look: Look | undefined): string =>
	look?.server === undefined
		? unknown
		: `${escapeText(look.server.healthz, 40)}${look.server.error ? `: ${escapeText(look.server.error, 200)}` : ''}`;

function containerRows(before: Look | undefined, after: Look | undefined): Cells[] {
	const of = (look: Look | undefined, service: string): string => {
		if (look?.containers === undefined) {
			return unknown;
		}
		const all = look.containers.filter((container) => container.service === service);
		return all.length === 0
			? 'no container'
			: all
					.map(({status, health}) =>
						escapeText(health === 'none' || health === '' ? status : `${status}, ${health}`, 60),
					)
					.join('; ');
	};
	const services = unique(
		[before, after].flatMap((look) => look?.containers ?? []).map(({service}) => service),
	);
	const rows = services.map(
		(service) => [`container ${escapeText(service, 100)}`, of(before, service), of(after, service)] as const,
	);
	return bounded(rows, maxContainers, 'containers');
}

function streamRows(before: Look | undefined, after: Look | undefined, own: string): Cells[] {
	const names = unique([
		own,
		...[before, after].flatMap((look) => look?.streams ?? []).map(({name}) => name),
	]);
	return names.flatMap((name) => {
		const find = (look: Look | undefined): StreamLook | undefined =>
			look?.streams?.find((stream) => stream.name === name);
		const cell = (show: (stream: StreamLook) => string): [string, string] => {
			const one = (look: Look | undefined): string => {
				const stream = find(look);
				return stream
					? show(stream)
					: look?.streams === undefined || look.moreStreams
						? unknown
						: 'not there';
			};
			return [one(before), one(after)];
		};
		const title = escapeText(name, 200);
		const messages: Cells = [`${title}: messages`, ...cell((stream) => formatCount(stream.messages))];
		return name !== own
			? [messages]
			: [
					messages,
					[`${title}: size`, ...cell((stream) => formatBytes(stream.bytes))],
					[`${title}: first sequence`, ...cell((stream) => formatCount(stream.firstSeq))],
					[`${title}: last sequence`, ...cell((stream) => formatCount(stream.lastSeq))],
					...consumerRows(find(before), find(after)),
				];
	});
}

function consumerRows(before: StreamLook | undefined, after: StreamLook | undefined): Cells[] {
	const names = unique([before, after].flatMap((stream) => stream?.consumers ?? []).map(({name}) => name));
	const rows = names.map((name): Cells => {
		const of = (stream: StreamLook | undefined): string => {
			const consumer = stream?.consumers?.find((one) => one.name === name);
			return consumer === undefined
				? stream?.consumers === undefined
					? unknown
					: 'not there'
				: `lag ${formatCount(consumer.lag)}, ack pending ${formatCount(consumer.ackPending)}, floor ${formatCount(consumer.floor)}, redelivered ${formatCount(consumer.redelivered)}`;
		};
		return [`consumer ${escapeText(name, 200)}`, of(before), of(after)];
	});
	return bounded(rows, maxConsumers, 'consumers');
}

/** Those that changed first, where there is no room for all. */
function bounded(rows: readonly Cells[], max: number, what: string): Cells[] {
	if (rows.length <= max) {
		return [...rows];
	}
	const changed = rows.filter(([, before, after]) => before !== after);
	const shown = [...changed, ...rows.filter(([, before, after]) => before === after)].slice(0, max);
	return [...shown, [`${rows.length - max} more ${what}`, '', '']];
}

const unique = (names: string[]): string[] => [...new Set(names)];
