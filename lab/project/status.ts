import type {Engine} from '../engine/types.ts';
import type {Place} from '../place.ts';
import {containerStates} from './docker.ts';
import {streamFigures, withNats} from './stream.ts';
import {containersOf, topologyOf} from './topology.ts';

/** The lab's state as a few lines of text: engine, containers, stream. */
export async function statusText(place: Place, engine: Engine): Promise<string> {
	const rows = (await containerStates(engine, containersOf(place))).map(
		({name, status, health, restarts}) => [
			name,
			status,
			health || '-',
			restarts > 0 ? `restarted ${restarts} times` : '',
		],
	);
	const table = [['container', 'state', 'health', ''], ...rows]
		.map(([name = '', state = '', health = '', note = '']) =>
			`${name.padEnd(17)}${state.padEnd(12)}${health.padEnd(11)}${note}`.trimEnd(),
		)
		.join('\n');
	const form = topologyOf(place) === 'cluster' ? 'three NATS servers' : 'one NATS server';
	return `engine           ${engine.label}\nform             ${form}\n\n${table}\n\n${await streamLine(place)}\n`;
}

async function streamLine(place: Place): Promise<string> {
	try {
		return await withNats(place, async (_nc, jsm) => {
			const {messages, bytes, maxBytes, lag, ackPending, maxAckPending} = await streamFigures(jsm);
			const share = ((bytes / maxBytes) * 100).toFixed(1);
			return `TITAN_INTENTS    ${messages} messages, ${share} % of ${maxBytes / 1024 / 1024} MiB; lag ${lag}, ack pending ${ackPending}/${maxAckPending}`;
		});
	} catch (error) {
		return `TITAN_INTENTS    unknown: ${(error as Error).message}`;
	}
}
