import type {Engine} from '../engine/types.ts';
import {containerStates} from './docker.ts';
import {streamFigures, withNats} from './stream.ts';

/** The lab's state as a few lines of text: engine, containers, stream. */
export async function statusText(engine: Engine): Promise<string> {
	const rows = (await containerStates(engine)).map(({name, status, health, restarts}) => [
		name,
		status,
		health || '-',
		restarts > 0 ? `restarted ${restarts} times` : '',
	]);
	const table = [['container', 'state', 'health', ''], ...rows]
		.map(([name = '', state = '', health = '', note = '']) =>
			`${name.padEnd(17)}${state.padEnd(12)}${health.padEnd(11)}${note}`.trimEnd(),
		)
		.join('\n');
	return `engine           ${engine.label}\n\n${table}\n\n${await streamLine()}\n`;
}

async function streamLine(): Promise<string> {
	try {
		return await withNats(async (_nc, jsm) => {
			const {messages, bytes, maxBytes, lag, ackPending, maxAckPending} = await streamFigures(jsm);
			const share = ((bytes / maxBytes) * 100).toFixed(1);
			return `TITAN_INTENTS    ${messages} messages, ${share} % of ${maxBytes / 1024 / 1024} MiB; lag ${lag}, ack pending ${ackPending}/${maxAckPending}`;
		});
	} catch (error) {
		return `TITAN_INTENTS    unknown: ${(error as Error).message}`;
	}
}
