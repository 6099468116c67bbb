import {describe, expect, it} from 'vitest';
import {idInLog, parseIntroduction, readIntroduction} from '../../../source/clients/nats/introduction.ts';
import {nobody, tcpServer} from '../server.ts';

const id = `N${'CHDTOERLPPC'.repeat(5)}`;
const info = `INFO {"server_id":"${id}","server_name":"titan-nats","version":"2.15.1","port":4222} \r\n`;
const portOf = (address: string): number => Number(new URL(address).port);

describe('a server introduces itself', () => {
	it('before any login, also in pieces', async () => {
		const address = await tcpServer((socket) => {
			socket.write(info.slice(0, 20));
			setImmediate(() => socket.write(info.slice(20)));
		});
		expect(await readIntroduction('127.0.0.1', portOf(address), 2000)).toEqual({
			serverId: id,
			serverName: 'titan-nats',
		});
	});

	it.each([
		['SSH-2.0-OpenSSH_9.2\r\n', 'NOT_NATS'],
		['INFO {"server_name":"no id"}\r\n', 'NOT_NATS'],
		['x'.repeat(70_000), 'NOT_NATS'],
		['', 'TIMEOUT'],
	])('and %j is no introduction', async (text, code) => {
		const address = await tcpServer((socket) => socket.write(text));
		await expect(readIntroduction('127.0.0.1', portOf(address), 300)).rejects.toMatchObject({code});
	});

	it('or is not there', async () => {
		const refused = readIntroduction('127.0.0.1', portOf(await nobody()), 300);
		await expect(refused).rejects.toMatchObject({code: 'ECONNREFUSED'});
		const hangsUp = await tcpServer((socket) => socket.end());
		await expect(readIntroduction('127.0.0.1', portOf(hangsUp), 300)).rejects.toMatchObject({
			code: 'ECONNREFUSED',
		});
	});

	it('without what would draw on a screen', () => {
		expect(
			parseIntroduction(`INFO {"server_id":"${id}","server_name":"a\\u001b[31mb"}`)?.serverName,
		).not.toMatch(/\u001b/);
	});
});

describe('the log of a server', () => {
	const line = (name: string): string => `[1] 2026/11/29 22:23:53.149810 [INF]   ID:       ${name}`;

	it('shows its id, the last one where it was started again', () => {
		const other = `N${'A'.repeat(55)}`;
		expect(idInLog(['[1] 2026/11/29 22:23:53.149653 [INF] Starting nats-server', line(id)])).toBe(id);
		expect(idInLog([line(other), line(id)])).toBe(id);
	});

	it('shows none in another form', () => {
		expect(idInLog([line('NABC'), 'ID: x', line(`${id}A`)])).toBeUndefined();
	});
});
