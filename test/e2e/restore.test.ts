/** The confirmation of a restore in a real terminal. Runs inside `lab exec`. */
import {fileURLToPath} from 'node:url';
import {connect} from 'nats';
import {afterEach, expect, it} from 'vitest';
import {closeTerminals, LAUNCHER, start} from './terminal.ts';

const folder = fileURLToPath(new URL('../clients/archive/backup-2.9', import.meta.url));
const stream = 'ORDERS';

async function withStream<T>(work: (is: boolean, remove: () => Promise<unknown>) => T): Promise<Awaited<T>> {
	const connection = await connect({servers: '127.0.0.1:4222', reconnect: false});
	try {
		const manager = await connection.jetstreamManager();
		const is = await manager.streams.info(stream).then(
			() => true,
			() => false,
		);
		return await work(is, () => manager.streams.delete(stream));
	} finally {
		await connection.close();
	}
}

const isThere = () => withStream((is) => is);
const restore = () =>
	start({command: [process.execPath, LAUNCHER, 'restore', folder], columns: 200, rows: 30});

afterEach(async () => {
	closeTerminals();
	await withStream((is, remove) => is && remove());
});

it('a restore says what it will do, and wants the name of the stream', async () => {
	const refused = restore();
	await refused.see('Type ORDERS and press enter to restore: ');
	await refused.see(/Restore ORDERS into titan/);
	await refused.see(/messages {3}38, sequences 1 to 40/);
	await refused.see(/consumers {2}work, push; they go on where they stood then/);
	refused.type('yes\r');
	await refused.see('Not confirmed; everything was left as it is.');
	expect(await refused.exit()).toMatchObject({code: 1});
	expect(await isThere()).toBe(false);

	const done = restore();
	await done.see('Type ORDERS and press enter to restore: ');
	done.type('ORDERS\r');
	await done.see('ORDERS is restored: 38 messages, sequences 1 to 40, 2 consumers.');
	expect(await done.exit()).toMatchObject({code: 0});
	expect(await isThere()).toBe(true);
});
