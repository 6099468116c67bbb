import {createConnection} from 'node:net';
import {withNats} from '../project/stream.ts';
import {nothing} from '../tools/nothing.ts';
import {page, until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

const SUBJECT = 'lab.noise';
const BYTES = 1_000_000;
/** More than the 64 MB that the server holds for one client, and what its sockets hold. */
const MESSAGES = 100;

/** A client subscribes and does not read; the server gives it up. */
export const slowConsumer: Fault = {
	name: 'slow-consumer',
	summary: 'a client that does not read is closed as a slow consumer; the count stays until a restart',
	topology: 'any',
	async break({place}) {
		const before = await slowConsumers();
		const socket = createConnection({host: '127.0.0.1', port: 4222});
		socket.on('error', () => undefined);
		await new Promise((resolve) => socket.once('data', resolve));
		socket.pause();
		socket.write(`CONNECT {"verbose":false,"name":"lab-deaf"}\r\nSUB ${SUBJECT} 1\r\nPING\r\n`);
		try {
			await withNats(place, async (nc) => {
				for (let sent = 0; sent < MESSAGES; sent += 10) {
					for (let n = 0; n < 10; n++) nc.publish(SUBJECT, new Uint8Array(BYTES));
					await nc.flush();
				}
				await until('A slow consumer', async () => (await slowConsumers()) > before, 15_000);
			});
		} finally {
			socket.destroy();
		}
	},
	mend: nothing,
};

async function slowConsumers(): Promise<number> {
	const {text} = await page(8222, '/varz');
	return (JSON.parse(text) as {slow_consumers: number}).slow_consumers;
}
