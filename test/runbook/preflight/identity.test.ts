import {describe, expect, it} from 'vitest';
import {judgeIdentity} from '../../../source/runbook/preflight/identity.ts';
import type {ServerAnswer} from '../../../source/state/server-answer.ts';

const answer = (changes: Partial<ServerAnswer> = {}): ServerAnswer => ({
	address: '127.0.0.1:4222',
	serverId: 'NA',
	serverName: 'titan-nats',
	port: 'url',
	service: 'titan-nats',
	is: 'same',
	why: 'titan-nats (NA) runs in the container of titan-nats',
	...changes,
});

describe('a run', () => {
	it('is refused on another server, with what to do', () => {
		const other = {
			is: 'other',
			why: 'neighbour (NB) answers, titan-nats is exited',
			advice: 'stop it',
		} as const;
		expect(judgeIdentity([answer(other)])).toEqual([
			{
				name: 'server',
				ok: false,
				evidence:
					'127.0.0.1:4222 is answered by another server, so no runbook runs on it: neighbour (NB) answers, titan-nats is exited. Stop it.',
			},
		]);
		const monitor = answer({...other, port: 'monitor', address: '127.0.0.1:8222'});
		expect(judgeIdentity([answer(), monitor]).map(({ok}) => ok)).toEqual([false]);
	});

	it('names the server that it is on', () => {
		expect(judgeIdentity([answer(), answer({port: 'monitor'})])).toEqual([
			{
				name: 'server',
				ok: true,
				evidence: '127.0.0.1:4222: titan-nats (NA) runs in the container of titan-nats',
			},
		]);
	});

	it('says what could not be confirmed', () => {
		expect(judgeIdentity([answer({is: 'unknown', why: 'why'})])).toEqual([
			{name: 'server', ok: true, evidence: 'could not confirm that 127.0.0.1:4222 is titan-nats: why'},
		]);
	});

	it('says what to do about it, once', () => {
		const unknown = answer({is: 'unknown', why: 'why', advice: 'correct nats.service'});
		const [check] = judgeIdentity([unknown, {...unknown, port: 'monitor', address: '127.0.0.1:8222'}]);
		expect(check).toMatchObject({ok: true});
		expect(check?.evidence.match(/Correct nats\.service\.$/g)).toHaveLength(1);
	});

	it('of a server that does not answer says nothing', () => {
		expect(judgeIdentity([])).toEqual([]);
	});
});
