import {describe, expect, it} from 'vitest';
import {readHealth} from '../../source/clients/health.ts';
import {readMetrics} from '../../source/clients/metrics.ts';
import {readHealthz} from '../../source/clients/nats/monitor.ts';
import {titan} from '../../source/config/titan.ts';
import {httpServer, nobody, pageServer} from './server.ts';

const [brain, execution] = titan.health as [(typeof titan.health)[0], (typeof titan.health)[0]];
const [sentinel] = titan.metrics as [(typeof titan.metrics)[0]];
const hanging = () => httpServer(() => {});
const html = '<html><body>502 Bad Gateway</body></html>';

describe('readHealth', () => {
	const ask = async (url: string, endpoint = brain) => readHealth({...endpoint, url}, undefined, 200);
	const components = (...list: unknown[]) => JSON.stringify({components: list});

	it('tells healthy, by the expression alone', async () => {
		const body = components({name: 'db', status: 'down'}, {name: 'nats', status: 'healthy'});
		expect(await ask(await pageServer(body, 503))).toMatchObject({
			status: 'healthy',
			httpStatus: 503,
			detail: 'nats healthy with HTTP 503',
		});
	});

	it.each([
		[500, 'unhealthy', 'nats healthy with HTTP 500'],
		[502, 'unhealthy', 'nats healthy with HTTP 502'],
		[401, 'malformed', 'could not be read: HTTP 401'],
		[404, 'malformed', 'could not be read: HTTP 404'],
		[307, 'malformed', 'could not be read: HTTP 307'],
	])('believes no healthy body with HTTP %d', async (httpStatus, status, detail) => {
		const body = components({name: 'nats', status: 'healthy'});
		expect(await ask(await pageServer(body, httpStatus))).toMatchObject({status, httpStatus, detail});
	});

	it('accepts a byte order mark', async () => {
		const body = `\uFEFF${components({name: 'nats', status: 'healthy'})}`;
		expect((await ask(await pageServer(body))).status).toBe('healthy');
	});

	it('walks through nothing that is nested without end', async () => {
		const deep = `${'['.repeat(100_000)}1${']'.repeat(100_000)}`;
		const body = components({name: 'nats', status: 'healthy', deep: JSON.parse('[]')}).replace('[]', deep);
		expect(await ask(await pageServer(body))).toMatchObject({
			status: 'malformed',
			detail: 'the answer is nested deeper than 64 levels',
		});
	});

	it('tells what is too large from what is away', async () => {
		expect((await ask(await pageServer('x'.repeat(2 << 20)))).status).toBe('malformed');
	});

	it('tells unhealthy, with what was said', async () => {
		const body = components({name: 'nats', status: 'un\u001b[31mhealthy'});
		expect(await ask(await pageServer(body))).toMatchObject({status: 'unhealthy', detail: 'nats unhealthy'});
	});

	it.each([
		['another shape', '{"ok":true}', 'no nats in the answer'],
		['no such component', components({name: 'db', status: 'healthy'}), 'no nats in the answer'],
		['a list of nonsense', components(null, 5, 'x', [[]]), 'no nats in the answer'],
		['no JSON', html, 'HTTP 200 without JSON'],
		['nothing', '', 'HTTP 200 without JSON'],
	])('tells malformed: %s', async (_, body, detail) => {
		expect(await ask(await pageServer(body))).toMatchObject({status: 'malformed', httpStatus: 200, detail});
	});

	it('tells unreachable, with the reason', async () => {
		expect(await ask(await nobody())).toMatchObject({status: 'unreachable', detail: 'connection refused'});
		expect(await ask(await hanging())).toMatchObject({status: 'unreachable', detail: 'no answer in 0.2 s'});
	});

	it.each([
		['{"connections":{"nats":{"connected":true}}}', 'healthy', 'nats connected'],
		['{"connections":{"nats":{"status":"healthy"}}}', 'healthy', 'nats healthy'],
		['{"connections":{"nats":true}}', 'healthy', 'nats true'],
		['{"connections":{"nats":"connected"}}', 'healthy', 'nats connected'],
		['{"connections":{"nats":"disconnected"}}', 'unhealthy', 'nats disconnected'],
		['{"connections":{"nats":{"connected":false,"status":"down"}}}', 'unhealthy', 'nats down'],
		['{"connections":{"nats":false}}', 'unhealthy', 'nats false'],
	])('understands the usual forms of .connections: %s', async (body, status, detail) => {
		expect(await ask(await pageServer(body), execution)).toMatchObject({status, detail});
	});

	it('takes an expression that does not fit for no proof of health', async () => {
		const endpoint = {...brain, healthy: 'length(status) > `0`', show: undefined};
		expect((await ask(await pageServer('{"status":5}'), endpoint)).status).toBe('unhealthy');
		expect((await ask(await pageServer('{"status":"x"}'), endpoint)).status).toBe('healthy');
	});

	it('takes nothing but true for healthy', async () => {
		const endpoint = {...brain, healthy: 'status', show: undefined};
		expect((await ask(await pageServer('{"status":"true"}'), endpoint)).status).toBe('unhealthy');
		expect((await ask(await pageServer('{"status":true}'), endpoint)).status).toBe('healthy');
	});
});

describe('readMetrics', () => {
	const ask = async (url: string) => readMetrics({...sentinel, url}, undefined, 200);
	const page = [
		'# HELP nats_lag_messages Messages not delivered yet.',
		'# TYPE nats_lag_messages gauge',
		'nats_lag_messages{stream="A",consumer="a"} 40',
		'nats_lag_messages{stream="B",consumer="b"} 2',
		'# TYPE nats_lag_messages_total counter',
		'nats_lag_messages_total 999',
		'# TYPE nats_storage_pressure_bytes gauge',
		'nats_storage_pressure_bytes 1.5e6',
		'some other line that is no metric at all',
		'',
	].join('\n');

	it('sums the series of the very metric', async () => {
		expect(await ask(await pageServer(page))).toMatchObject({
			status: 'ok',
			lagMessages: 42,
			storageBytes: 1_500_000,
		});
	});

	it('reads a page without types and comments', async () => {
		expect(await ask(await pageServer('nats_lag_messages 7\n'))).toMatchObject({
			status: 'ok',
			lagMessages: 7,
		});
	});

	it.each([
		['another metric', 'nats_lag_messages_total 5\n'],
		['no value that is a number', 'nats_lag_messages NaN\n'],
		['a line that breaks off', 'nats_lag_messages{stream="A'],
		['a line without its value', 'nats_lag_messages\n'],
		['an empty page', ''],
	])('tells missing: %s', async (_, body) => {
		const answer = await ask(await pageServer(body));
		expect(answer).toMatchObject({status: 'missing', detail: 'no nats_lag_messages'});
		expect(answer.lagMessages).toBeUndefined();
	});

	it.each([
		['a page of something else', html, 200, 'HTTP 200 with an HTML page'],
		['a page that wants a password', page, 401, 'could not be read: HTTP 401'],
		['a redirect', page, 307, 'could not be read: HTTP 307'],
	])('tells malformed: %s', async (_, body, status, detail) => {
		expect(await ask(await pageServer(body, status))).toMatchObject({status: 'malformed', detail});
	});

	it('parses nothing but the metric, and sums no part of it', async () => {
		const many = (name: string, count: number) =>
			Array.from({length: count}, (_, index) => `${name}{stream="${index}"} 1`).join('\n');
		const other = `${many('other_metric', 80_000)}\n${many('x_nats_lag_messages', 20_000)}\n${page}`;
		const {status, lagMessages} = await ask(await pageServer(other));
		expect({status, lagMessages}).toEqual({status: 'ok', lagMessages: 42});
		const answer = await ask(await pageServer(many('nats_lag_messages', 30_000)));
		expect(answer).toMatchObject({
			status: 'malformed',
			detail: 'more than 5000 series of nats_lag_messages',
		});
		expect(answer.lagMessages).toBeUndefined();
	});

	it('tells malformed', async () => {
		expect(await ask(await pageServer('nats_lag_messages{stream=A} 5\n'))).toMatchObject({
			status: 'malformed',
		});
	});

	it('tells unreachable, with the reason', async () => {
		expect(await ask(await nobody())).toMatchObject({status: 'unreachable', detail: 'connection refused'});
		expect(await ask(await hanging())).toMatchObject({status: 'unreachable', detail: 'no answer in 0.2 s'});
		expect(await ask(await pageServer(page, 503))).toMatchObject({status: 'unreachable', detail: 'HTTP 503'});
	});
});

describe('readHealthz', () => {
	const ask = async (url: string) => readHealthz(url, undefined, 200);
	const boot =
		'{"status":"unavailable","error":"NATS server is not ready: failed to be ready for connections"}';
	const lost = `{"status":"unavailable","error":"JetStream stream '$G > X' could not be recovered"}`;

	it('tells ok', async () => {
		expect(await ask(await pageServer('{"status":"ok"}'))).toMatchObject({status: 'ok'});
	});

	it.each([500, 503])('tells booting, by the words and not by the %d', async (status) => {
		expect((await ask(await pageServer(boot, status))).status).toBe('booting');
	});

	it.each([
		['a stream that could not be recovered', lost, 503, "JetStream stream '$G > X' could not be recovered"],
		['ok with another status', '{"status":"ok"}', 500, 'ok with HTTP 500'],
		['an escape sequence', '{"status":"x","error":"a\\u001b[2Jb"}', 503, 'ab'],
	])('tells unavailable: %s', async (_, body, status, error) => {
		expect(await ask(await pageServer(body, status))).toMatchObject({status: 'unavailable', error});
	});

	it.each([
		['a page that is no JSON', html, 502],
		['200 without ok', '{}', 200],
		['nonsense', '{"status":["ok"],"error":{"a":1}}', 200],
		['nothing', '', 200],
		['a password wanted', '{"status":"ok"}', 401],
		['a redirect', '{"status":"ok"}', 307],
		['no such page', '{"status":"ok"}', 404],
		['too much', 'x'.repeat((1 << 20) + 1), 200],
	])('tells that somebody answers, and it could not be read: %s', async (_, body, status) => {
		const answer = await ask(await pageServer(body, status));
		expect(answer).toMatchObject({status: 'unreachable', answers: true});
		expect(answer.error).toMatch(/^could not be read: HTTP \d+|^answer larger than 1 MiB/);
	});

	it('tells unreachable: refused, hanging', async () => {
		expect(await ask(await nobody())).toMatchObject({status: 'unreachable', error: 'connection refused'});
		expect(await ask(await hanging())).toMatchObject({status: 'unreachable', error: 'no answer in 0.2 s'});
	});
});
