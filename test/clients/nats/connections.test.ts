import {expect, it} from 'vitest';
import {readConnectionList} from '../../../source/clients/nats/connections.ts';
import {httpServer} from '../server.ts';

it('reads all pages of the connections, and the addresses of the other servers', async () => {
	const total = 2500;
	const asked: string[] = [];
	const monitor = await httpServer((request, response) => {
		asked.push(request.url ?? '');
		const url = new URL(request.url ?? '', 'http://x');
		const offset = Number(url.searchParams.get('offset'));
		const count = Math.min(Number(url.searchParams.get('limit')), total - offset);
		response.end(
			JSON.stringify(
				url.pathname === '/routez'
					? {routes: [{ip: '172.18.0.6'}, {ip: '172.18.0.6'}, {ip: '172.18.0.7'}]}
					: {
							total,
							connections: Array.from({length: count}, (_, index) => ({
								ip: `10.0.0.${(offset + index) % 250}`,
								name: 'a\u001b[31mb',
								lang: 'go',
								account: '$G',
							})),
						},
			),
		);
	});
	const {connections, peers, isWhole} = await readConnectionList(monitor);
	expect(connections).toHaveLength(total);
	expect(connections[0]).toEqual({
		ip: '10.0.0.0',
		name: expect.not.stringMatching(/\u001b/),
		lang: 'go',
		account: '$G',
	});
	expect(peers).toEqual(['172.18.0.6', '172.18.0.7']);
	expect(isWhole).toBe(true);
	expect(asked).toHaveLength(4);
});

it('says that it has not read all of very many', async () => {
	const monitor = await httpServer((request, response) => {
		const isPage = request.url?.startsWith('/connz');
		const rows = Array.from({length: 1024}, () => ({ip: '10.0.0.1'}));
		response.end(JSON.stringify(isPage ? {total: 100_000, connections: rows} : {}));
	});
	const {connections, isWhole} = await readConnectionList(monitor);
	expect(connections).toHaveLength(4096);
	expect(isWhole).toBe(false);
});
