import {describe, expect, it} from 'vitest';
import {redact} from '../../source/text/redact.ts';

// Of the right form, and nobody's.
const seed = `SU${'A7'.repeat(28)}`;
const jwt = 'eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5In0.eyJqdGkiOiJhYmNkZWYifQ.c2lnbmF0dXJl';

describe('redact', () => {
	it.each([
		['nats://user:hunter2@host:4222', 'nats://***@host:4222'],
		['nats://hunter2@host', 'nats://***@host'],
		['tls://a:hunter2@h1:4222,tls://b:hunter2@h2', 'tls://***@h1:4222,tls://***@h2'],
		['nats://user:hunter/2@host:4222', 'nats://***@host:4222'],
		['nats://user:hunter@2@host:4222', 'nats://***@host:4222'],
		['see http://user:hunter2@host/health for more', 'see http://***@host/health for more'],
		['token=hunter2', 'token=***'],
		['token: "hunter2", next', 'token: "***", next'],
		['{"password":"hunter2","user":"a"}', '{"password":"***","user":"a"}'],
		['NATS_TOKEN=hunter2', 'NATS_TOKEN=***'],
		['NATS_PASSWORD=hunter2 node', 'NATS_PASSWORD=*** node'],
		['x-api-key: hunter2', 'x-api-key: ***'],
		['Authorization: Bearer hunter2', 'Authorization: ***'],
		['authorization: Basic aHVudGVyMg==', 'authorization: ***'],
		['http://host/?token=hunter2&x=1', 'http://host/?token=***&x=1'],
		[`the seed ${seed} is refused`, 'the seed *** is refused'],
		[`jwt ${jwt} has expired`, 'jwt *** has expired'],
	])('hides the secret of %s', (text, hidden) => {
		expect(redact(text)).toBe(hidden);
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
	])('leaves %j as it is', (text) => {
		expect(redact(text)).toBe(text);
	});

	it('changes nothing more when it is done twice', () => {
		const once = redact(`nats://a:b@c token="x" ${seed} ${jwt}`);
		expect(redact(once)).toBe(once);
	});
});
