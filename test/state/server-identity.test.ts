import {describe, expect, test} from 'vitest';
import {reduce} from '../../source/state/reduce.ts';
import type {ServerAnswer} from '../../source/state/server-answer.ts';
import {type ContainedServer, isOwnServer, judgeAnswer} from '../../source/state/server-identity.ts';
import {now, observe, server, stream, streams, url, well} from './fixture.ts';

const id = (letter: string): string => `N${letter.repeat(55)}`;
const answering = {address: '127.0.0.1:4222', serverId: id('A'), serverName: 'titan-nats'};
const contained = (changes: Partial<ContainedServer> = {}): ContainedServer => ({
	service: 'titan-nats',
	status: 'running',
	...changes,
});
const judged = (...servers: ContainedServer[]) => judgeAnswer(answering, servers);

describe('the server that answers is the one in the container', () => {
	test.each<[string, ContainedServer[]]>([
		['by the id that the container itself gives', [contained({serverId: id('A')})]],
		[
			'by its id although the port is not the one that is published',
			[contained({serverId: id('A'), publishes: false})],
		],
		['by the port that it publishes where no id can be read', [contained({publishes: true, unread: 'why'})]],
		['by the port of a container that is paused', [contained({status: 'paused', publishes: true})]],
		['as one of several', [contained({serverId: id('B')}), contained({service: 'n2', serverId: id('A')})]],
		[
			'as a server of its cluster that has no service',
			[contained({serverId: id('B'), routeIds: [id('C'), id('A')]})],
		],
	])('%s', (_, servers) => {
		expect(judged(...servers).is).toBe('same');
	});
});

describe('another server answers', () => {
	test.each<[string, ContainedServer, RegExp]>([
		['where the container is down', contained({status: 'exited', publishes: true}), /titan-nats is exited$/],
		['where it was only created', contained({status: 'created'}), /titan-nats is created$/],
		['where there is none', contained({status: 'missing'}), /titan-nats has no container$/],
		['where the container has another id', contained({serverId: id('B')}), /titan-nats is NBBBBBBBBBBB…$/],
		[
			'where the container has another id, whatever it publishes',
			contained({serverId: id('B'), publishes: true}),
			/titan-nats is NBB/,
		],
	])('%s', (_, server, why) => {
		expect(judged(server)).toMatchObject({is: 'other', why: expect.stringMatching(why)});
		expect(judged(server).why).toMatch(/^titan-nats \(NAAAAAAAAAAA…\) answers, /);
	});

	test('says where the deployment has its own, or to free the port', () => {
		const moved = contained({serverId: id('B'), publishes: false, publishedAt: '127.0.0.1:14222'});
		expect(judged(moved).advice).toBe('set the address to 127.0.0.1:14222');
		expect(judged(contained({status: 'exited'})).advice).toBe('stop that server, then start titan-nats');
	});
});

describe('it is not known', () => {
	test.each<[string, ContainedServer[], RegExp]>([
		[
			'where nothing can be read',
			[contained({unread: 'its log does not show it'})],
			/its log does not show it/,
		],
		[
			'where it does not publish that port: a proxy may',
			[contained({publishes: false})],
			/could not be read/,
		],
		[
			'where a server of the cluster runs on another host',
			[contained({serverId: id('B')}), contained({service: 'n2', status: 'missing'})],
			/n2 has no container here/,
		],
		[
			'where the project never had a container of it',
			[contained({status: 'missing', isForeign: true})],
			/^titan-nats \(N.*\) answers, and this project has no container and no service titan-nats$/,
		],
	])('%s', (_, servers, why) => {
		expect(judged(...servers)).toMatchObject({is: 'unknown', why: expect.stringMatching(why)});
	});
});

describe('of several addresses whose servers the configuration does not name', () => {
	const several = {...answering, ofAddresses: 3};

	test.each<[string, ContainedServer]>([
		['while the one that is named is down', contained({status: 'exited'})],
		['while it hangs', contained({unread: 'no answer in time'})],
		['while it is well', contained({serverId: id('B')})],
		['while it is removed', contained({status: 'missing'})],
	])('nobody is another server %s', (_, server) => {
		expect(judgeAnswer(several, [server])).toMatchObject({
			is: 'unknown',
			why: expect.stringMatching(/the configuration has 3 addresses and names 1 server$/),
			advice: 'name the other servers in nats.peers',
		});
	});

	test('the one that is named is itself', () => {
		expect(judgeAnswer(several, [contained({serverId: id('A')})]).is).toBe('same');
	});

	test('another one is still another one where all servers are named', () => {
		const down = ['n1', 'n2', 'n3'].map((service) => contained({service, status: 'exited'}));
		expect(judgeAnswer(several, down).is).toBe('other');
	});
});

describe('what is read', () => {
	const answer = (is: ServerAnswer['is'], serverId = id('A')): ServerAnswer => ({
		...answering,
		serverId,
		port: 'url',
		service: 'titan-nats',
		is,
		why: 'why',
	});
	const nats = (is?: ServerAnswer['is'], serverId?: string) => ({
		server: {...server, id: id('A')},
		...(is && {identity: {at: now, answers: [answer(is, serverId)]}}),
	});

	test('is the deployment’s but where another server answers; until that is known it is pending', () => {
		expect(isOwnServer(nats('same'))).toBe(true);
		expect(isOwnServer(nats('unknown'))).toBe(true);
		expect(isOwnServer(nats('other'))).toBe(false);
		expect(isOwnServer(nats())).toBe('pending');
		// Of the connection before this one.
		expect(isOwnServer(nats('same', id('B')))).toBe('pending');
	});

	test('of another server is not compared with what the deployment’s own has', () => {
		const at = (serverId: string, ms: number) =>
			({
				kind: 'connection',
				status: 'connected',
				url,
				server: {...server, id: serverId},
				at: now + ms,
			}) as const;
		const impostor = observe(
			well(),
			at(id('B'), 0),
			{kind: 'identity', answers: [answer('other', id('B'))], at: now},
			streams(now + 1, stream({name: 'NEIGHBOUR'})),
		);
		expect(Object.keys(impostor.streams)).toContain('NEIGHBOUR');
		const back = reduce(impostor, at(id('A'), 1000));
		expect(back.streams).toEqual({});
		expect(back.streamsAt).toBeUndefined();
		// A server that was restarted has another id, and is no other one.
		const own = observe(well(), at(id('A'), 0), {kind: 'identity', answers: [answer('same')], at: now});
		expect(reduce(own, at(id('B'), 1000)).streams).toBe(own.streams);
	});
});
