import {describe, expect, it} from 'vitest';
import {titan} from '../../../source/config/titan.ts';
import type {Engine} from '../../../source/deployment/deployment.ts';
import {checkContainers, compositionOf} from '../../../source/runbook/preflight/containers.ts';
import {
	judgePermissions,
	publishedSubjects,
	recreatingSubjects,
} from '../../../source/runbook/preflight/permissions.ts';
import {judgeServer} from '../../../source/runbook/preflight/server.ts';
import type {PlanFacts} from '../../../source/runbook/step.ts';
import type {ContainerFacts} from '../../../source/state/observation.ts';
import {container as containerOf} from '../../state/fixture.ts';
import {needs} from './needs.ts';

const restart = needs({restartsServer: true, restartsFirst: true});
const purge = needs({purge: 1000});
const recover = needs({purge: 'nothing', recreates: true, stops: ['clients']});

describe('services without a container', () => {
	const compose = {files: ['/srv/compose.yml'], missing: []};

	it('are made by Compose where its files are here', () => {
		expect(compositionOf(['api'], compose)).toEqual({
			ok: true,
			evidence: 'api has no container; Compose will create it from /srv/compose.yml',
		});
	});

	it('that are cut off from the network are made again, if Compose may be run', () => {
		expect(compositionOf([], compose, ['api'])).toEqual({
			ok: true,
			evidence:
				'api is cut off from the network and must be recreated; Compose will create it from /srv/compose.yml',
		});
		expect(compositionOf(['web'], {...compose, refused: 'No.'}, ['api']).evidence).toMatch(
			/^web has no container, and api is cut off .* No\./,
		);
	});

	it('are refused where Compose must not be run on the files', () => {
		expect(compositionOf(['api'], {...compose, refused: 'Compose is not run on it.'})).toEqual({
			ok: false,
			evidence: expect.stringMatching(/^api has no container\. Compose is not run on it\. Or create the/),
		});
	});

	it('are refused where a file is gone, or nobody names one', () => {
		expect(compositionOf(['api', 'web'], {...compose, missing: ['/srv/.env']})).toEqual({
			ok: false,
			evidence: expect.stringMatching(
				/^api, web have no container, and \/srv\/\.env, .* not on this host\. Put the file back/,
			),
		});
		expect(compositionOf(['api'], undefined)).toMatchObject({ok: false});
		expect(compositionOf(['api'], {...compose, files: []})).toMatchObject({ok: false});
	});
});

describe('a server that runs outside the project', () => {
	const config = {...titan, nats: {...titan.nats, service: 'broker'}};
	const facts = {
		config,
		services: ['broker', 'worker'],
		toMake: {missing: ['broker'], detached: []},
	} as unknown;
	const engine = {
		composition: async () => ({files: ['/srv/compose.yml'], missing: [], services: ['worker']}),
	} as unknown as Engine;
	const check = (named: string) =>
		checkContainers(
			engine,
			[containerOf('worker')],
			facts as PlanFacts,
			needs({restarts: [named], starts: [named]}),
		);

	it('cannot be restarted; an ordinary service can', async () => {
		expect(await check('server')).toMatchObject([
			{ok: false, evidence: expect.stringMatching(/^broker has no container, and is not a service of/)},
		]);
		expect(await check('worker')).toMatchObject([{ok: true}]);
	});
});

describe('the server', () => {
	const container = (status: string) => ({service: 'nats', status}) as ContainerFacts;
	const healthz = (status: 'ok' | 'booting' | 'unavailable' | 'unreachable', error = 'why') => ({
		status,
		error,
		elapsedMs: 1,
	});

	it.each([
		['exited', undefined, purge, /nats is exited\. Run restart/],
		['running', healthz('booting'), purge, /booting.*do not restart/],
		['running', healthz('booting'), recover, /booting.*do not restart/],
		['running', healthz('unreachable'), recover, /could not be read: \/healthz: why\. Check nats\.monitor/],
		['running', healthz('unavailable'), purge, /unavailable: why\. Run full recovery/],
	] as const)('%s, %j is refused', (status, health, needs, why) => {
		expect(judgeServer(container(status), health, needs)).toEqual([
			{name: expect.any(String), ok: false, evidence: expect.stringMatching(why)},
		]);
	});

	it('that is unavailable may be what a recovery mends, and is nothing to a restart', () => {
		expect(judgeServer(container('running'), healthz('unavailable'), recover)).toMatchObject([{ok: true}]);
		expect(judgeServer(container('exited'), healthz('unreachable'), restart)).toEqual([]);
	});
});

describe('what steps publish', () => {
	const target = {stream: 'S', consumer: 'c'};

	it('are the subjects that change something', () => {
		expect(publishedSubjects(restart, target)).toEqual([]);
		expect(publishedSubjects(purge, target)).toEqual([
			'$JS.API.STREAM.PURGE.S',
			'$JS.API.STREAM.SNAPSHOT.S',
			'$JS.SNAPSHOT.ACK.S.chunk',
		]);
		expect(recreatingSubjects(purge, target)).toEqual([]);
		expect(recreatingSubjects(recover, target)).toContain('$JS.API.CONSUMER.DURABLE.CREATE.S.c');
	});

	it('need no right to acknowledge a snapshot where answers are allowed', () => {
		const allow = ['$JS.API.STREAM.PURGE.*', '$JS.API.STREAM.SNAPSHOT.*'];
		expect(judgePermissions({allow}, purge, target, false)).toMatchObject({
			ok: false,
			evidence: expect.stringContaining('may not publish to $JS.SNAPSHOT.ACK.S.chunk.'),
		});
		expect(judgePermissions({allow, responses: true}, purge, target, false)).toEqual({
			name: 'permissions',
			ok: true,
			evidence: 'these credentials may purge, back up',
		});
	});

	it('are refused for want of a right to create only where something is gone', () => {
		const permissions = {deny: ['$JS.API.STREAM.CREATE.>']};
		expect(judgePermissions(permissions, recover, target, false)).toEqual({
			name: 'permissions',
			ok: true,
			evidence:
				'these credentials may purge, back up; they may not create what is gone ($JS.API.STREAM.CREATE.S), and nothing is gone now',
		});
		expect(judgePermissions(permissions, recover, target, true)).toMatchObject({
			ok: false,
			evidence: expect.stringContaining('may not publish to $JS.API.STREAM.CREATE.S.'),
		});
	});
});
