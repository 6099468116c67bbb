import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import type {Config} from '../../source/config/schema.ts';
import {titan} from '../../source/config/titan.ts';
import {exactSecrets} from '../../source/records/secrets.ts';
import {redact} from '../../source/text/redact.ts';
import {tempFolder} from '../config/temp.ts';

// Of the right form, and nobody's.
const seed = `SU${'B4'.repeat(28)}`;
const jwt = 'eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5In0.eyJqdGkiOiJhYmNkZWYifQ.c2lnbmF0dXJl';

async function hide(text: string, changes: object, env: NodeJS.ProcessEnv = {}): Promise<string> {
	return redact(text, await exactSecrets({...titan, ...changes} as Config, env));
}

const nats = (changes: object) => ({nats: {...titan.nats, ...changes}});

describe('exactSecrets', () => {
	it.each([
		['the password', nats({user: 'ana', password: 'correct horse'}), 'correct horse'],
		['the token', nats({token: 'battery9staple'}), 'battery9staple'],
		['a user that is a token', nats({user: 'battery9staple'}), 'battery9staple'],
		['a password in the address', nats({url: 'nats://ana:p%40ss%2Fword1@h:4222'}), 'p@ss/word1'],
		['a token in an address', nats({url: 'nats://battery9staple@h'}), 'battery9staple'],
		[
			'the password of a health endpoint',
			{health: [{...titan.health[0], url: 'http://ana:correct9horse@h/health'}]},
			'correct9horse',
		],
		[
			'a token in the query of a metrics endpoint',
			{metrics: [{...titan.metrics[0], url: 'http://h/metrics?token=battery9staple'}]},
			'battery9staple',
		],
		[
			'the password of the engine',
			{docker: {...titan.docker, host: 'tcp://ana:correct9horse@h:1'}},
			'correct9horse',
		],
		[
			'the path of a webhook',
			{escalation: {...titan.escalation, webhook: 'https://h/hook/battery9staple7x'}},
			'battery9staple7x',
		],
		[
			'a header',
			{escalation: {...titan.escalation, headers: {'x-key': 'Bearer battery9staple'}}},
			'battery9staple',
		],
		['a setting of a later version', {pager: {apiKey: 'battery9staple'}}, 'battery9staple'],
	])('finds %s', async (_, changes, secret) => {
		expect(await hide(`so ${secret} said it`, changes)).toBe('so *** said it');
	});

	it('finds the value of a Basic header, and the password of DOCKER_HOST', async () => {
		const basic = Buffer.from('ana:correct horse').toString('base64');
		expect(await hide(`x ${basic} y`, nats({user: 'ana', password: 'correct horse'}))).toBe('x *** y');
		expect(await hide('x correct9horse y', {}, {DOCKER_HOST: 'tcp://ana:correct9horse@h:1'})).toBe('x *** y');
	});

	it('finds what the named files and the context hold', async () => {
		const folder = await tempFolder({
			'a.creds': `-----BEGIN NATS USER JWT-----\n${jwt}\n------END NATS USER JWT------\n${seed}\n`,
			'nats/context/prod.json': JSON.stringify({url: 'nats://h', user: 'ana', password: 'correct horse'}),
		});
		// In a form that no pattern knows: percent-encoded and base64.
		const odd = Buffer.from(seed).toString('base64');
		expect(await hide(`x ${odd} y`, nats({creds: join(folder, 'a.creds')}))).toBe('x *** y');
		expect(await hide('x correct horse y', nats({context: 'prod'}), {XDG_CONFIG_HOME: folder})).toBe(
			'x *** y',
		);
	});

	it('takes no name for a secret', async () => {
		const text = `${titan.stream} of ${titan.nats.service} at ${titan.nats.url}, ana, ${titan.health[0]!.url}`;
		expect(await hide(text, nats({user: 'ana', password: 'correct horse'}))).toBe(text);
	});

	it('never throws', async () => {
		await expect(
			exactSecrets({...titan, ...nats({url: '%', creds: '/none', context: '../x'})} as Config, {}),
		).resolves.toBeDefined();
	});
});
