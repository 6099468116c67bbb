import type {NatsConnection} from 'nats';
import {describe, expect, it} from 'vitest';
import {purgeStream} from '../../../source/clients/nats/purge.ts';

/** Any use of it at all is a fault. */
const untouchable = new Proxy({} as NatsConnection, {
	get(_, property) {
		throw new Error(`The connection was touched: ${String(property)}`);
	},
});

describe('purgeStream', () => {
	it.each([
		0,
		-1,
		1.5,
		Number.NaN,
		Number.POSITIVE_INFINITY,
		2 ** 53,
		undefined,
		null,
		'5',
		'',
		'everything',
		{},
		[1000],
	])('refuses to keep %j before anything is sent', async (keep) => {
		const purge = purgeStream(untouchable, 'TITAN_INTENTS', keep as number);
		await expect(purge).rejects.toThrow(RangeError);
	});

	it.each(['', 'A.B', 'A*', '>', 'A B', 'A/B', 'A\n'])(
		'refuses the stream %j before anything is sent',
		async (name) => {
			await expect(purgeStream(untouchable, name, 1)).rejects.toThrow(RangeError);
			await expect(purgeStream(untouchable, name, 'nothing')).rejects.toThrow(RangeError);
		},
	);

	it('would be seen to send', async () => {
		await expect(purgeStream(untouchable, 'TITAN_INTENTS', 1)).rejects.toThrow('touched: request');
	});
});
