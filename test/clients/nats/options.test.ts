import {chmod, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {type Authenticator, nkeys} from 'nats';
import {describe, expect, test} from 'vitest';
import {natsOptions} from '../../../source/clients/nats/options.ts';
import {ConfigError} from '../../../source/config/error.ts';
import type {Config} from '../../../source/config/schema.ts';
import {tempFolder} from '../../config/temp.ts';
import {withoutRoot} from '../../without-root.ts';

type Nats = Config['nats'];

const nats = (fields: Partial<Nats> = {}): Nats => ({
	service: 'bus',
	url: 'nats://127.0.0.1:4222',
	...fields,
});
const options = async (fields: Partial<Nats> = {}, env = {}) =>
	(await natsOptions(nats(fields), env)).options;

/** The error, which must be one for an operator and must not hold the secret. */
async function failure(fields: Partial<Nats>, env = {}): Promise<string> {
	const error = await natsOptions(nats(fields), env).then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	expect(error).toBeInstanceOf(ConfigError);
	const text = `${(error as Error).stack} ${String((error as Error).cause)}`;
	expect(text).not.toContain('hunter2');
	return (error as Error).message;
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const jwt = 'eyJ0eXAiOiJKV1QifQ.eyJzdWIiOiJ4In0.c2ln';

function user(): {seed: string; publicKey: string} {
	const pair = nkeys.createUser();
	return {seed: text(pair.getSeed()), publicKey: pair.getPublicKey()};
}

const creds = (seed: string, end = '\n') =>
	[
		'-----BEGIN NATS USER JWT-----',
		jwt,
		'------END NATS USER JWT------',
		'',
		'-----BEGIN USER NKEY SEED-----',
		seed,
		'------END USER NKEY SEED------',
	].join(end);

const authenticate = (authenticator: unknown) => (authenticator as Authenticator)('nonce');

describe('the connection', () => {
	test('stays, returns fast, and notices a server that hangs', async () => {
		expect(await natsOptions(nats(), {})).toEqual({
			shownUrl: 'nats://127.0.0.1:4222',
			options: {
				name: 'jetmedic',
				servers: ['nats://127.0.0.1:4222'],
				maxReconnectAttempts: -1,
				reconnectTimeWait: 250,
				reconnectJitter: 0,
				reconnectJitterTLS: 0,
				pingInterval: 5000,
				maxPingOut: 2,
				timeout: 3000,
				waitOnFirstConnect: false,
				ignoreAuthErrorAbort: true,
			},
		});
	});
});

describe('addresses', () => {
	test('several, with the port and the scheme that they lack', async () => {
		const {options: result, shownUrl} = await natsOptions(nats({url: 'a, nats://b:1,, [::1]:5 '}), {});
		expect(result.servers).toEqual(['nats://a:4222', 'nats://b:1', 'nats://[::1]:5']);
		expect(shownUrl).toBe('nats://a:4222,nats://b:1,nats://[::1]:5');
	});

	test('tls:// demands TLS', async () => {
		const result = await options({url: 'tls://a'});
		expect(result.tls).toEqual({});
		expect(result.servers).toEqual(['tls://a:4222']);
	});

	test('credentials are taken out, decoded, and not shown', async () => {
		const {options: result, shownUrl} = await natsOptions(nats({url: 'nats://me:hunter2%2F%40@a,b'}), {});
		expect(result).toMatchObject({
			user: 'me',
			pass: 'hunter2/@',
			servers: ['nats://a:4222', 'nats://b:4222'],
		});
		expect(shownUrl).toBe('nats://a:4222,nats://b:4222');
		expect(await options({url: 'nats://me:50%@a'})).toMatchObject({user: 'me', pass: '50%'});
		expect(await options({url: 'nats://me:p@ss@a'})).toMatchObject({
			pass: 'p@ss',
			servers: ['nats://a:4222'],
		});
	});

	test('a user alone in an address is a token', async () => {
		const result = await options({url: 'nats://hunter2@a'});
		expect(result.token).toBe('hunter2');
		expect(result).not.toHaveProperty('user');
	});

	test('credentials in an address go before all others', async () => {
		const result = await options({
			url: 'nats://me:pw@a',
			user: 'you',
			password: 'x',
			token: 't',
			creds: '/nope',
		});
		expect(result).toMatchObject({user: 'me', pass: 'pw'});
		expect(result).not.toHaveProperty('token');
		expect(result).not.toHaveProperty('authenticator');
	});

	test.each([
		['', 'The NATS address is empty; expected nats://host:port.'],
		[' , ', 'The NATS address is empty; expected nats://host:port.'],
		[
			'a,nats://me:hun,ter2@h:x',
			'NATS address 2 of 3 is not of the form nats://host:port (a comma, slash or @ in a password is written as %2C, %2F, %40).',
		],
		[
			'nats://me:hunter2@h:99999',
			'The NATS address is not of the form nats://host:port (a comma, slash or @ in a password is written as %2C, %2F, %40).',
		],
		['ws://me:hunter2@h', 'The NATS address is not one for nats:// or tls://; nothing else is spoken here.'],
		[
			'nats://me:hunter2@a,nats://you:hunter2@b',
			'The NATS addresses carry different credentials; one connection can only use one.',
		],
	])('%j is refused', async (url, message) => {
		expect(await failure({url})).toBe(message);
	});
});

describe('credentials', () => {
	test('a user and a password', async () => {
		const result = await options({user: 'me', password: 'pw'});
		expect(result).toMatchObject({user: 'me', pass: 'pw'});
		expect(result).not.toHaveProperty('token');
	});

	test('a user without a password may be a token', async () => {
		expect(await options({user: 'me'})).toMatchObject({user: 'me', token: 'me'});
	});

	test('a token', async () => {
		expect(await options({token: 't'})).toMatchObject({token: 't'});
	});

	test('an nkey file, with whatever stands around the seed', async () => {
		const {seed, publicKey} = user();
		const folder = await tempFolder({'u.nk': `# mine\r\n${seed}\r\n`});
		const result = await options({nkey: join(folder, 'u.nk')});
		expect(authenticate(result.authenticator)).toMatchObject({
			nkey: publicKey,
			sig: expect.stringMatching(/.{80}/),
		});
	});

	test.each(['\n', '\r\n'])('a credentials file with line ends %j', async (end) => {
		const {seed, publicKey} = user();
		const folder = await tempFolder({'u.creds': creds(seed, end)});
		const result = await options({creds: join(folder, 'u.creds')});
		expect(authenticate(result.authenticator)).toMatchObject({jwt, nkey: publicKey});
	});

	test('user goes before creds, and creds before nkey', async () => {
		const [a, b] = [user(), user()];
		const folder = await tempFolder({'u.creds': creds(a.seed), 'u.nk': b.seed});
		const files = {creds: join(folder, 'u.creds'), nkey: join(folder, 'u.nk')};
		expect(await options({...files, user: 'me', password: 'pw'})).not.toHaveProperty('authenticator');
		expect(authenticate((await options(files)).authenticator)).toMatchObject({nkey: a.publicKey});
	});

	test('a renewed file counts at the next handshake, and the last one while it is gone or empty', async () => {
		const [a, b] = [user(), user()];
		const folder = await tempFolder({'u.creds': creds(a.seed)});
		const path = join(folder, 'u.creds');
		const {authenticator} = await options({creds: path});
		await writeFile(path, creds(b.seed));
		expect(authenticate(authenticator)).toMatchObject({nkey: b.publicKey});
		await writeFile(path, '');
		expect(authenticate(authenticator)).toMatchObject({nkey: b.publicKey});
		await rm(path);
		expect(authenticate(authenticator)).toMatchObject({nkey: b.publicKey});
	});

	test('files that are missing or hold something else', async () => {
		const folder = await tempFolder({'bad.creds': 'hunter2', 'bad.nk': 'hunter2'});
		const path = (name: string) => join(folder, name);
		expect(await failure({creds: path('no')})).toBe(
			`Cannot read the credentials file ${path('no')}: there is no such file.`,
		);
		expect(await failure({nkey: path('no')})).toBe(
			`Cannot read the nkey file ${path('no')}: there is no such file.`,
		);
		expect(await failure({nkey: folder})).toBe(`Cannot read the nkey file ${folder}: it is a directory.`);
		expect(await failure({creds: path('bad.creds')})).toBe(
			`${path('bad.creds')} does not hold a user JWT and its seed.`,
		);
		expect(await failure({nkey: path('bad.nk')})).toBe(
			`${path('bad.nk')} does not hold an nkey seed (SU...).`,
		);
	});

	test('a file without permission', async () => {
		const folder = await tempFolder({'u.creds': ''});
		await chmod(join(folder, 'u.creds'), 0);
		expect(await withoutRoot(() => failure({creds: join(folder, 'u.creds')}))).toMatch(
			/: permission denied\.$/,
		);
	});

	test('a seed in the place of its file is not shown', async () => {
		const {seed} = user();
		const message = await failure({nkey: `/etc/${seed}`});
		expect(message).toBe('Cannot read the nkey file /etc/***: there is no such file.');
	});
});

describe('TLS', () => {
	test('files and the handshake first', async () => {
		const folder = await tempFolder({'ca.pem': '', 'cert.pem': '', 'key.pem': ''});
		const [ca, cert, key] = ['ca.pem', 'cert.pem', 'key.pem'].map((name) => join(folder, name));
		expect((await options({tls: {ca, cert, key, first: true}})).tls).toEqual({
			caFile: ca,
			certFile: cert,
			keyFile: key,
			handshakeFirst: true,
		});
		expect((await options({tls: {ca}})).tls).toEqual({caFile: ca});
		expect(await options({tls: {first: false}})).not.toHaveProperty('tls');
	});

	test('what is missing is named', async () => {
		const folder = await tempFolder({'cert.pem': ''});
		const cert = join(folder, 'cert.pem');
		expect(await failure({tls: {cert}})).toBe(
			'The TLS certificate of the NATS client is given without its key.',
		);
		expect(await failure({tls: {key: cert}})).toBe(
			'The TLS key of the NATS client is given without its certificate.',
		);
		expect(await failure({tls: {ca: '/nope.pem'}})).toBe(
			'Cannot read the CA certificate /nope.pem: there is no such file.',
		);
		expect(await failure({tls: {cert, key: '/nope.pem'}})).toBe(
			'Cannot read the client key /nope.pem: there is no such file.',
		);
	});
});

describe('contexts of the NATS CLI', () => {
	async function context(fields: object | string, files: Record<string, string> = {}) {
		const content = typeof fields === 'string' ? fields : JSON.stringify(fields);
		const folder = await tempFolder({'nats/context/prod.json': content, ...files});
		return {folder, env: {HOME: folder, XDG_CONFIG_HOME: folder}};
	}

	test('the address and the credentials are those of the context', async () => {
		const {env} = await context({
			url: 'nats://a,nats://b',
			user: 'me',
			password: 'hunter2',
			inbox_prefix: '_ME.x',
		});
		const {options: result, shownUrl} = await natsOptions(nats({context: 'prod'}), env);
		expect(shownUrl).toBe('nats://a:4222,nats://b:4222');
		expect(result).toMatchObject({user: 'me', pass: 'hunter2', inboxPrefix: '_ME.x'});
	});

	test('an inbox prefix of the configuration goes before that of the context', async () => {
		const {env} = await context({inbox_prefix: '_ME.x'});
		expect((await options({context: 'prod', inboxPrefix: '_INBOX_ops'}, env)).inboxPrefix).toBe('_INBOX_ops');
		expect((await options({inboxPrefix: '_INBOX_ops'})).inboxPrefix).toBe('_INBOX_ops');
		expect(await options()).not.toHaveProperty('inboxPrefix');
	});

	test('~/.config is read without XDG_CONFIG_HOME, and an empty context is the server on this machine', async () => {
		const home = await tempFolder({'.config/nats/context/prod.json': '{}'});
		const {shownUrl} = await natsOptions(nats({url: 'nats://other', context: 'prod'}), {HOME: home});
		expect(shownUrl).toBe('nats://127.0.0.1:4222');
	});

	test('precedence: user, creds, nkey, user_jwt; a token goes along', async () => {
		const [a, b, c] = [user(), user(), user()];
		const files = {'u.creds': creds(a.seed), 'u.nk': b.seed};
		const all = {
			user: 'me',
			password: 'pw',
			creds: '~/u.creds',
			nkey: '~/u.nk',
			user_jwt: jwt,
			user_seed: c.seed,
			token: 't',
		};
		const result = async (fields: object) => options({context: 'prod'}, (await context(fields, files)).env);

		expect(await result(all)).toMatchObject({user: 'me', pass: 'pw', token: 't'});
		expect(await result(all)).not.toHaveProperty('authenticator');
		const withCreds = await result({...all, user: ''});
		expect(authenticate(withCreds.authenticator)).toMatchObject({jwt, nkey: a.publicKey});
		expect(withCreds.token).toBe('t');
		const withNkey = await result({...all, user: '', creds: ''});
		expect(authenticate(withNkey.authenticator)).toMatchObject({nkey: b.publicKey});
		const withJwt = await result({...all, user: '', creds: '', nkey: ''});
		expect(authenticate(withJwt.authenticator)).toMatchObject({jwt, nkey: c.publicKey});
	});

	test('TLS of the context, with ~ and file://', async () => {
		const {folder, env} = await context(
			{ca: '~/ca.pem', cert: '~/c.pem', key: 'file://~/k.pem', tls_first: true},
			{'ca.pem': '', 'c.pem': '', 'k.pem': ''},
		);
		expect((await options({context: 'prod'}, env)).tls).toEqual({
			caFile: join(folder, 'ca.pem'),
			certFile: join(folder, 'c.pem'),
			keyFile: join(folder, 'k.pem'),
			handshakeFirst: true,
		});
	});

	test('credentials and TLS files beside a context go before its own; its address stays', async () => {
		const {env} = await context({url: 'nats://me:hunter2@a', creds: '/nope', user_jwt: jwt}, {'ca.pem': ''});
		const ca = join(env.HOME, 'ca.pem');
		const result = await options({context: 'prod', token: 't', tls: {ca}}, env);
		expect(result).toMatchObject({servers: ['nats://a:4222'], token: 't', tls: {caFile: ca}});
		expect(result).not.toHaveProperty('user');
		expect(result).not.toHaveProperty('authenticator');
	});

	test('a password beside a context belongs to its user', async () => {
		const {env} = await context({user: 'me', password: 'old'});
		expect(await options({context: 'prod', password: 'new'}, env)).toMatchObject({user: 'me', pass: 'new'});
	});

	test('a missing one is named, with those that exist', async () => {
		const folder = await tempFolder({
			'nats/context/b.json': '{}',
			'nats/context/a.json': '{}',
			'nats/context/x.txt': '',
		});
		const file = (root: string) => join(root, 'nats/context/prod.json');
		expect(await failure({context: 'prod'}, {XDG_CONFIG_HOME: folder})).toBe(
			`There is no NATS context "prod": no file ${file(folder)}. Those that exist: a, b.`,
		);
		const empty = await tempFolder();
		expect(await failure({context: 'prod'}, {XDG_CONFIG_HOME: empty})).toBe(
			`There is no NATS context "prod": no file ${file(empty)}. There are no contexts; make one with \`nats context add\`.`,
		);
	});

	test.each(['../prod', 'a/b', '', '..'])('the name %j does not lead out of the folder', async (name) => {
		expect(await failure({context: name})).toBe(`The NATS context "${name}" is not a name of a context.`);
	});

	test.each([
		['{"password": "hunter2"', /^Cannot read the NATS context "prod": \S+prod\.json: it is not JSON\.$/],
		['hunter2', /: it is not JSON\.$/],
		['[]', /: it is not a JSON object\.$/],
		[
			'{"password": {"a": "hunter2"}}',
			/^The NATS context "prod" cannot be used: password in \S+ is not text\.$/,
		],
		[
			'{"nsc": "nsc://o/a/u"}',
			/^The NATS context "prod" cannot be used: it has nsc, which only the NATS CLI/,
		],
		['{"socks_proxy": "x"}', /: it has socks_proxy, which only the NATS CLI understands\.$/],
		[
			'{"creds": "op://vault/hunter2"}',
			/^The NATS context "prod" cannot be used: its creds is not a file\.$/,
		],
		[
			'{"user_jwt": "x", "user_seed": "hunter2"}',
			/^The user_seed of the NATS context is not an nkey seed\.$/,
		],
		[
			'{"inbox_prefix": "a.*"}',
			/^The inbox_prefix of the NATS context is not a subject without wildcards\.$/,
		],
	])('%s says why it cannot be used', async (content, message) => {
		const {env} = await context(content);
		expect(await failure({context: 'prod'}, env)).toMatch(message);
	});
});

describe('a file that others can change', () => {
	test.each([
		['creds', 'The credentials file is not used. '],
		['nkey', 'The nkey file is not used. '],
	] as const)('is no %s', async (key, sentence) => {
		const {seed} = user();
		const folder = await tempFolder({file: key === 'creds' ? creds(seed) : seed});
		const path = join(folder, 'file');
		expect((await options({[key]: path})).authenticator).toBeDefined();
		await chmod(path, 0o666);
		expect(await failure({[key]: path})).toBe(
			`${sentence}${path} can be changed by every user (mode 0666). Run \`chmod o-w ${path}\` if nobody else should.`,
		);
	});

	test('is no certificate that a server is known by, and no context', async () => {
		const folder = await tempFolder({'ca.pem': '', 'nats/context/ops.json': '{"url": "nats://bus"}'});
		await chmod(join(folder, 'ca.pem'), 0o666);
		await chmod(join(folder, 'nats', 'context', 'ops.json'), 0o666);
		expect(await failure({tls: {ca: join(folder, 'ca.pem')}})).toContain('The CA certificate is not used. ');
		expect(await failure({context: 'ops'}, {XDG_CONFIG_HOME: folder})).toContain(
			'The NATS context "ops" is not used. ',
		);
	});
});
