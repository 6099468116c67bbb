import {execFile} from 'node:child_process';
import {join, resolve} from 'node:path';
import {promisify} from 'node:util';
import {describe, expect, test} from 'vitest';
import type {ConfigFlags} from '../../source/config/flags.ts';
import type {Environment} from '../../source/config/folders.ts';
import {loadConfig} from '../../source/config/load.ts';
import type {Config} from '../../source/config/schema.ts';
import {titan} from '../../source/config/titan.ts';
import {tempFolder} from './temp.ts';

type Given = {file?: string; env?: Environment; flags?: ConfigFlags};

async function load({
	file,
	env,
	flags,
}: Given): Promise<{config: Config; source: string; natsFrom: string | undefined; cwd: string}> {
	const cwd = await tempFolder(file === undefined ? {} : {'jetmedic.yaml': file});
	return {...(await loadConfig({cwd, env: {HOME: cwd, ...env}, flags})), cwd};
}

const nats = async (given: Given) => (await load(given)).config.nats;

describe('without a file', () => {
	test('it is the built-in profile, in a copy', async () => {
		const {config, source} = await load({});
		expect(config).toEqual(titan);
		expect(source).toBe('built-in');
		config.health.length = 0;
		config.nats.url = 'x';
		expect((await load({})).config.health).toHaveLength(2);
		expect(titan.nats.url).toBe('nats://127.0.0.1:4222');
	});

	test('neither zod, yaml nor jmespath is loaded', async () => {
		const cwd = await tempFolder();
		const script = `
			import {registerHooks} from 'node:module';
			const seen = [];
			registerHooks({resolve(name, context, next) { seen.push(name); return next(name, context); }});
			const {loadConfig} = await import(${JSON.stringify(resolve('source/config/load.ts'))});
			await loadConfig({cwd: ${JSON.stringify(cwd)}, env: {HOME: ${JSON.stringify(cwd)}, NATS_USER: 'me'}});
			console.log(JSON.stringify(seen));
		`;
		const {stdout} = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
		const seen = JSON.parse(stdout) as string[];
		expect(seen).toContain('./locate.ts');
		expect(seen.filter((name) => /zod|yaml|jmespath|^nats$/.test(name))).toEqual([]);
	});
});

describe('flags, environment, file, profile', () => {
	test('each goes before the next', async () => {
		const file = 'nats: {url: "nats://file", service: titan-nats}';
		const env = {NATS_URL: 'nats://env'};
		const flags = {natsUrl: 'nats://flag'};
		expect((await nats({})).url).toBe('nats://127.0.0.1:4222');
		expect((await nats({file})).url).toBe('nats://file');
		expect((await nats({file, env})).url).toBe('nats://env');
		expect((await nats({file, env, flags})).url).toBe('nats://flag');
	});

	test.each([
		[{}, undefined],
		[{env: {NATS_URL: 'nats://127.0.0.1:4222'}}, undefined],
		[{env: {NATS_URL: 'nats://staging:4222'}}, 'NATS_URL'],
		[{env: {NATS_CONTEXT: 'staging'}}, 'NATS_CONTEXT'],
		[{env: {NATS_USER: 'me'}}, undefined],
		[{env: {NATS_URL: 'nats://staging:4222'}, flags: {natsUrl: 'nats://127.0.0.1:4222'}}, undefined],
		[{flags: {natsUrl: 'nats://staging:4222'}}, '--nats-url'],
		[{env: {NATS_URL: 'nats://a:4222'}, flags: {natsContext: 'staging'}}, '--nats-context'],
		[{file: 'nats: {url: "nats://file:4222"}', env: {NATS_URL: 'nats://file:4222'}}, undefined],
	] as [Given, string | undefined][])(
		'%j: what names another server than the file is %s',
		async (given, from) => {
			expect((await load(given)).natsFrom).toBe(from);
		},
	);

	test('an empty variable counts as unset', async () => {
		expect(await nats({env: {NATS_URL: '', NATS_USER: '', NATS_CA: ''}})).toEqual(titan.nats);
	});

	test('the variables of the NATS CLI, with paths from the working folder', async () => {
		const {config, cwd} = await load({
			env: {
				NATS_CREDS: 'u.creds',
				NATS_NKEY: '~/u.nk',
				NATS_CA: 'ca.pem',
				NATS_CERT: '/c.pem',
				NATS_KEY: '/k.pem',
			},
		});
		expect(config.nats).toEqual({
			...titan.nats,
			creds: join(cwd, 'u.creds'),
			nkey: join(cwd, 'u.nk'),
			tls: {ca: join(cwd, 'ca.pem'), cert: '/c.pem', key: '/k.pem'},
		});
		expect(await nats({env: {NATS_USER: 'me', NATS_PASSWORD: 'pw', NATS_TOKEN: 't'}})).toEqual({
			...titan.nats,
			user: 'me',
			password: 'pw',
			token: 't',
		});
	});

	test('TLS settings are laid over each other one by one', async () => {
		const file = 'nats: {tls: {ca: /file-ca.pem, first: true}}';
		expect((await nats({file, env: {NATS_CA: '/env-ca.pem'}})).tls).toEqual({ca: '/env-ca.pem', first: true});
	});

	test('credentials take the place of all credentials below, also of those in the address', async () => {
		const file = 'nats: {url: "nats://u:p@h:4222", token: t}';
		expect(await nats({file, env: {NATS_CREDS: '/u.creds'}})).toEqual({
			service: 'titan-nats',
			url: 'nats://h:4222',
			creds: '/u.creds',
		});
	});

	test('credentials in an address above take the place of those below', async () => {
		const file = 'nats: {user: u, password: p}';
		const result = await nats({file, env: {NATS_URL: 'nats://a:b@127.0.0.1:4222'}});
		expect(result.url).toBe('nats://a:b@127.0.0.1:4222');
		expect(result).not.toHaveProperty('user');
		expect(result).not.toHaveProperty('password');
	});

	test('a password alone belongs to the user below', async () => {
		const result = await nats({file: 'nats: {user: u}', env: {NATS_PASSWORD: 'pw'}});
		expect(result).toMatchObject({user: 'u', password: 'pw'});
	});

	test('an address above takes the place of a context, and a context that of the credentials', async () => {
		expect(await nats({file: 'nats: {context: prod}', env: {NATS_URL: 'nats://h'}})).not.toHaveProperty(
			'context',
		);
		const result = await nats({file: 'nats: {user: u, password: p}', env: {NATS_CONTEXT: 'prod'}});
		expect(result.context).toBe('prod');
		expect(result).not.toHaveProperty('user');
	});

	test('NATS_URL and NATS_CONTEXT together name two servers, unless a flag names one', async () => {
		const env = {NATS_URL: 'nats://h', NATS_CONTEXT: 'prod'};
		await expect(load({env})).rejects.toThrow(
			/^NATS_URL and NATS_CONTEXT are both set and name two servers; unset one of them\.$/,
		);
		expect((await nats({env, flags: {natsUrl: 'nats://flag'}})).context).toBeUndefined();
	});
});

describe('credentials do not follow a changed address', () => {
	const file = `nats:
  url: nats://bus:4222
  user: u
  password: p
  system: {user: s, password: sp}
`;
	const secrets = ['user', 'password', 'token', 'nkey', 'creds', 'system', 'context'] as const;
	const kept = async (given: Given) => {
		const result = await nats(given);
		return [...secrets.filter((key) => result[key] !== undefined), result.withheldFor];
	};

	test.each([
		['NATS_URL', {env: {NATS_URL: 'nats://elsewhere:4222'}}],
		['NATS_URL with another port', {env: {NATS_URL: 'nats://bus:4333'}}],
		['NATS_URL with one more server', {env: {NATS_URL: 'nats://bus:4222,nats://elsewhere:4222'}}],
		['--nats-url', {flags: {natsUrl: 'nats://elsewhere:4222'}}],
		['--nats-url over NATS_URL', {env: {NATS_URL: 'nats://third'}, flags: {natsUrl: 'nats://elsewhere'}}],
		['NATS_URL, and back by --nats-url', {env: {NATS_URL: 'nats://third'}, flags: {natsUrl: 'nats://bus'}}],
	])('of the file: by %s', async (_, given) => {
		expect(await kept({file, ...given})).toEqual(['nats://bus:4222']);
	});

	test.each([
		['creds: /x.creds', 'nats://bus:4222'],
		['token: t', 'nats://bus:4222'],
		['nkey: /x.nk', 'nats://bus:4222'],
		['url: "nats://u:p@own:4222"', 'nats://own:4222'],
		['url: "tls://own:4222", token: t', 'tls://own:4222'],
	])('of the file: %s', async (login, whose) => {
		const own = login.includes('url') ? login : `url: "nats://bus:4222", ${login}`;
		const url = whose.startsWith('tls') ? 'nats://own:4222' : 'nats://elsewhere';
		expect(await kept({file: `nats: {${own}}`, env: {NATS_URL: url}})).toEqual([whose]);
	});

	test('of a context, which is named', async () => {
		const given = {file: 'nats: {context: prod}', env: {NATS_URL: 'nats://elsewhere'}};
		expect(await kept(given)).toEqual(['context prod']);
	});

	test('and stay with the same server, however it is written', async () => {
		const all = ['user', 'password', 'system', undefined];
		for (const url of ['nats://bus:4222', 'bus', 'nats://BUS:4222', 'tls://bus:4222']) {
			expect(await kept({file, env: {NATS_URL: url}}), url).toEqual(all);
		}
		const local = file.replace('bus', '127.0.0.1');
		expect(await kept({file: local, flags: {natsUrl: 'nats://localhost:4222'}})).toEqual(all);
	});

	test('but those that are given with the address are for it', async () => {
		const env = {NATS_USER: 'me', NATS_PASSWORD: 'mine'};
		const own = ['user', 'password', undefined];
		expect(await kept({file, env: {...env, NATS_URL: 'nats://elsewhere'}})).toEqual(own);
		expect(await kept({file, env, flags: {natsUrl: 'nats://elsewhere'}})).toEqual(own);
		expect(await kept({file, flags: {natsUrl: 'nats://me:mine@elsewhere'}})).toEqual([undefined]);
		const result = await nats({file, env: {NATS_PASSWORD: 'mine', NATS_URL: 'nats://elsewhere'}});
		expect(result).toMatchObject({user: 'u', password: 'mine'});
		// Those of the environment are for the address of the environment.
		const both = {...env, NATS_URL: 'nats://third'};
		expect(await kept({file, env: both, flags: {natsUrl: 'nats://elsewhere'}})).toEqual([
			'nats://third:4222',
		]);
	});

	test('and no file says whose they are', async () => {
		await expect(nats({file: 'nats: {withheldFor: x}'})).rejects.toThrow('is not a setting');
	});
});

describe('the monitoring address', () => {
	test('stays with the server, and goes when it becomes another one', async () => {
		expect((await nats({env: {NATS_URL: 'nats://localhost:4222'}})).monitor).toBe(titan.nats.monitor);
		expect(await nats({env: {NATS_URL: 'nats://10.0.0.5:4222'}})).not.toHaveProperty('monitor');
		expect(await nats({env: {NATS_CONTEXT: 'prod'}})).not.toHaveProperty('monitor');
		expect(await nats({file: 'nats: {url: "nats://other"}'})).not.toHaveProperty('monitor');
	});

	test('stays where the same layer gives it, or where the new address is that of the monitor', async () => {
		const file = 'nats: {url: "nats://other", monitor: "http://third:8222"}';
		expect((await nats({file})).monitor).toBe('http://third:8222');
		expect((await nats({file, env: {NATS_URL: 'nats://third'}})).monitor).toBe('http://third:8222');
	});
});

describe('read-only', () => {
	test.each([
		[{}, false],
		[{env: {JETMEDIC_READ_ONLY: '1'}}, true],
		[{env: {JETMEDIC_READ_ONLY: 'true'}}, true],
		[{env: {JETMEDIC_READ_ONLY: '0'}}, false],
		[{env: {JETMEDIC_READ_ONLY: ''}}, false],
		[{flags: {readOnly: true}}, true],
		[{file: 'readOnly: true'}, true],
		[{file: 'readOnly: true', env: {JETMEDIC_READ_ONLY: '0'}, flags: {readOnly: false}}, true],
	] as [Given, boolean][])('%j gives %j', async (given, expected) => {
		expect((await load(given)).config.readOnly).toBe(expected);
	});

	test('a value that is neither yes nor no is an error, and not a guess', async () => {
		await expect(load({env: {JETMEDIC_READ_ONLY: 'maybe'}})).rejects.toThrow(
			/^JETMEDIC_READ_ONLY: expected 1 or 0, got "maybe"\.$/,
		);
	});
});

describe('flags', () => {
	test('each changes its setting', async () => {
		const flags = {project: 'p', stream: 'S', consumer: 'c', stateDir: 'state', dockerHost: 'tcp://h:1'};
		const {config, cwd} = await load({flags});
		expect(config).toMatchObject({stream: 'S', consumer: 'c', stateDir: join(cwd, 'state')});
		expect(config.docker).toEqual({project: 'p', host: 'tcp://h:1'});
	});

	test('an engine by host takes the place of one by context, and the reverse', async () => {
		const byContext = 'docker: {context: a}';
		const byHost = 'docker: {host: "tcp://h:1"}';
		expect((await load({file: byContext, flags: {dockerHost: 'tcp://x:1'}})).config.docker).toEqual({
			project: 'titan',
			host: 'tcp://x:1',
		});
		expect((await load({file: byHost, flags: {dockerContext: 'b'}})).config.docker).toEqual({
			project: 'titan',
			context: 'b',
		});
	});

	test('two that name two servers or engines are refused', async () => {
		await expect(load({flags: {natsUrl: 'nats://h', natsContext: 'c'}})).rejects.toThrow(
			/^--nats-url and --nats-context name two servers; give one of them\.$/,
		);
		await expect(load({flags: {dockerHost: 'tcp://h:1', dockerContext: 'c'}})).rejects.toThrow(
			/^--docker-host and --docker-context name two engines; give one of them\.$/,
		);
	});

	test('values that the schema refuses are named by their flag', async () => {
		const flags = {project: 'a b', dockerHost: 'ftp://x', natsUrl: ''};
		const error = await load({flags}).catch((thrown: Error) => thrown);
		expect((error as Error).message.split('\n')).toEqual([
			'--docker-host: expected unix:///path or tcp://host:port, got "ftp://x".',
			'--project: expected only letters, digits, dot, dash and underscore, got "a b".',
			'--nats-url: expected some text, got "".',
		]);
	});
});
