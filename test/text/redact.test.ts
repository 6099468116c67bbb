import {describe, expect, it} from 'vitest';
import {exactForms, redact} from '../../source/text/redact.ts';

// Of the right form, and nobody's.
const seed = `SU${'A7'.repeat(28)}`;
const jwt = 'eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5In0.eyJqdGkiOiJhYmNkZWYifQ.c2lnbmF0dXJl';
const basic = Buffer.from('ana:hunter2').toString('base64');

describe('redact', () => {
	it.each([
		['nats://user:hunter2@host:4222', 'nats://***@host:4222'],
		['nats://hunter2@host', 'nats://***@host'],
		['tls://a:hunter2@h1:4222,tls://b:hunter2@h2', 'tls://***@h1:4222,tls://***@h2'],
		['nats://user:hunter/2@host:4222', 'nats://***@host:4222'],
		['nats://user:hunter@2@host:4222', 'nats://***@host:4222'],
		['tcp://ana:hunter2@10.0.0.7:2376 refused', 'tcp://***@10.0.0.7:2376 refused'],
		['see http://user:hunter2@host/health for more', 'see http://***@host/health for more'],
		['https://ana:hunter2@hook.example/in?x=1', 'https://***@hook.example/in?x=1'],
		['https://hooks.slack.com/services/T0/B0/hunter2', 'https://hooks.slack.com/services/***'],
		['token=hunter2', 'token=***'],
		['token: "hunter2", next', 'token: "***", next'],
		['{"password":"hunter2","user":"a"}', '{"password":"***","user":"a"}'],
		['{"password":"two words","user":"a"}', '{"password":"***","user":"a"}'],
		[String.raw`{"password":"a\"hunter2","user":"a"}`, '{"password":"***","user":"a"}'],
		[String.raw`"{\"password\":\"hunter2\",\"n\":1}"`, String.raw`"{\"password\":\"***\",\"n\":1}"`],
		["password='hunter 2' x", "password='***' x"],
		['a cut password="hunter2 two', 'a cut password="***"'],
		['NATS_TOKEN=hunter2', 'NATS_TOKEN=***'],
		['NATS_PASSWORD=hunter2 node', 'NATS_PASSWORD=*** node'],
		['password=hun,ter2', 'password=***'],
		['password=hunter2, user=ana', 'password=***, user=ana'],
		['password=hunter2,user=ana', 'password=***,user=ana'],
		['level=warn msg="login" pwd=hunter2 user=ana', 'level=warn msg="login" pwd=*** user=ana'],
		['passphrase: hunter2', 'passphrase: ***'],
		['accessToken=hunter2', 'accessToken=***'],
		['clientSecret => hunter2', 'clientSecret => ***'],
		['{"auth_token":"hunter2","lang":"js"}', '{"auth_token":"***","lang":"js"}'],
		['{"sig":"hunter2","nkey":"UABC"}', '{"sig":"***","nkey":"UABC"}'],
		['private_key=hunter2', 'private_key=***'],
		['x-api-key: hunter2', 'x-api-key: ***'],
		['Authorization: Bearer hunter2', 'Authorization: ***'],
		['authorization: Basic aHVudGVyMg==', 'authorization: ***'],
		['Proxy-Authorization: Basic aHVudGVyMg==', 'Proxy-Authorization: ***'],
		['"authorization":"Bearer hunter2"', '"authorization":"***"'],
		[`the header Basic ${basic} was refused`, 'the header Basic *** was refused'],
		['sent Bearer hunter2.x1', 'sent Bearer ***'],
		['Cookie: sid=hunter2; b=hunter2', 'Cookie: ***'],
		['http://host/?token=hunter2&x=1', 'http://host/?token=***&x=1'],
		['nats --user ana --password hunter2 stream ls', 'nats --user ana --password *** stream ls'],
		['curl -u ana:hunter2 http://h', 'curl -u ana:*** http://h'],
		[`the seed ${seed} is refused`, 'the seed *** is refused'],
		[`key_${seed}`, 'key_***'],
		[`jwt ${jwt} has expired`, 'jwt *** has expired'],
		[`a cut ${jwt.slice(0, 30)}`, 'a cut ***'],
		[`-----BEGIN NATS USER JWT----- hunter2 ------END NATS USER JWT------ x`, '*** x'],
		['-----BEGIN PRIVATE KEY----- hunter2', '***'],
		['ghp_hunter2hunter2hunter2', '***'],
	])('hides the secret of %s', (text, hidden) => {
		expect(redact(text)).toBe(hidden);
		expect(redact(hidden)).toBe(hidden);
	});

	it.each([
		'nats://127.0.0.1:4222',
		'http://127.0.0.1:8222/healthz',
		'http://127.0.0.1:8222/who@where',
		'password authentication failed',
		'the token has expired',
		'bypass=true, compass: north',
		'SUCCESS',
		'12,345 messages, sequence 1 to 12345',
		'jetmedic@host: someone@example.org',
		'basic authentication is required',
		'docker compose -p titan stop titan-brain titan-execution',
		'nats stream purge TITAN_INTENTS --keep 1000 --force',
		'nats stream backup TITAN_INTENTS /root/.local/state/jetmedic/titan/backups/TITAN_INTENTS-20261124T194012Z',
		'3 of 3 passed, seeds: none',
		'docker run --user 1000:1000x image'.replace('1000:1000x', 'nobody'),
		'STREAM_NAME_THAT_IS_LONGER_THAN_FIFTY_CHARACTERS_AND_NO_SEED_AT_ALL',
	])('leaves %j as it is', (text) => {
		expect(redact(text)).toBe(text);
	});

	it('changes nothing more when it is done twice', () => {
		const once = redact(`nats://a:b@c token="x" ${seed} ${jwt}`);
		expect(redact(once)).toBe(once);
	});

	it.each([
		['a quote that nothing closes', 'password="hunter2 \'two', 'password="***"'],
		[
			'a quote of JSON in JSON that nothing closes',
			String.raw`password=\"hunter2 'two`,
			String.raw`password=\"***\"`,
		],
		['a token in an address whose scheme begins with a digit', '9p://hunter2@host', '9p://***@host'],
		['a key whose armour begins behind other dashes', '----------BEGIN A----- hunter2', '***'],
	])('hides %s', (_, text, hidden) => {
		expect(redact(text)).toBe(hidden);
	});

	// Of the parts that a pattern begins with, those that made one read on to the end from each place.
	const hostile = [
		'nats://',
		'nats://a:',
		'a.',
		'@',
		'password=',
		'password="',
		'"password":"\\"',
		'token=\\"',
		'token=\\',
		"token='",
		'token=,a',
		'-----BEGIN A-----',
		'-----BEGIN A----- -----END ',
		'-',
		'----- ',
		'-u ',
		'-u =',
		'=',
		'\\',
		' ',
		'a:b@',
		'eyJaaaaaaaaaaaa.',
		'auth-',
		'auth_auth_',
		'basic ',
		'Bearer a',
		'--password "',
		"--password '",
		'cookie\\',
		'SUA',
		'sk-',
	];

	/** The fastest of three: of what else the machine does, the least. */
	const timeOf = (text: string): number =>
		Math.min(
			...[1, 2, 3].map(() => {
				const started = performance.now();
				redact(text);
				return performance.now() - started;
			}),
		);

	it.each(hostile)('takes time that is linear in a text of %j', (part) => {
		const of = (length: number) => part.repeat(Math.ceil(length / part.length));
		// A pass that reads on from each place takes 16 times as long, and minutes.
		expect(timeOf(of(400_000))).toBeLessThan(8 * timeOf(of(100_000)) + 60);
	});

	it('is done with 5 MB of all of them in a second', () => {
		const text = hostile
			.map((part) => part.repeat(Math.ceil(5_000_000 / hostile.length / part.length)))
			.join('\n');
		expect(timeOf(text)).toBeLessThan(1000);
	});
});

describe('exactForms', () => {
	const hide = (text: string, ...secrets: string[]) => redact(text, exactForms(secrets));

	it.each([
		['as it is', 'refused: correct horse 9'],
		['percent-encoded', 'http://h/correct%20horse%209'],
		['base64', `x ${Buffer.from('correct horse 9').toString('base64')} y`],
		['in a word', 'xcorrect horse 9y'],
	])('hides it %s', (_, text) => {
		expect(hide(text, 'correct horse 9')).toContain('***');
		expect(hide(text, 'correct horse 9')).not.toMatch(/correct|Y29ycmVjd/);
	});

	it('hides one with signs of patterns and quotes', () => {
		expect(hide('a $1.*"(x y', '$1.*"(x')).toBe('a *** y');
		expect(hide(JSON.stringify({a: '$1.*"(x'}), '$1.*"(x')).toBe('{"a":"***"}');
	});

	it('hides the longer of two where one is part of the other', () => {
		expect(hide('use secret12345 now', 'secret12', 'secret12345')).toBe('use *** now');
	});

	it('hides a short one only by itself, and what is no secret at all never', () => {
		expect(hide('nats nats: titanats', 'nats')).toBe('*** ***: titanats');
		expect(hide('a b c', 'a', '')).toBe('a b c');
	});
});
