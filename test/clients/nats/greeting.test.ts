import {expect, it} from 'vitest';
import {awaitGreeting} from '../../../source/clients/nats/greeting.ts';
import {tcpServer} from '../server.ts';

it('is read to its end, in whatever parts it comes', async () => {
	const server = await tcpServer((socket) => {
		socket.setNoDelay();
		socket.write('INFO {"server_id":"N",', () => {
			setImmediate(() => socket.write('"tls_required":true}\r\n'));
		});
	});
	expect(await awaitGreeting(new URL(server).host)).toEqual({offersTls: true});
});
