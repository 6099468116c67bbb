import {createHash} from 'node:crypto';
import {chmod} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {dockerEndpoint} from '../../../source/clients/docker/endpoint.ts';
import {ConfigError} from '../../../source/config/error.ts';
import {tempFolder} from '../../config/temp.ts';
import {withoutRoot} from '../../without-root.ts';

const id = (name: string) => createHash('sha256').update(name).digest('hex');

const meta = (name: string, docker: object) => ({
	[`contexts/meta/${id(name)}/meta.json`]: JSON.stringify({Name: name, Metadata: {}, Endpoints: {docker}}),
});

/** The environment of somebody whose ~/.docker holds these files. */
async function withFiles(files: Record<string, string>): Promise<{HOME: string; DOCKER_CONFIG: string}> {
	const folder = await tempFolder(files);
	return {HOME: '/nowhere', DOCKER_CONFIG: folder};
}

const nobody = {HOME: '/nowhere'};
const defaultSocket = {kind: 'socket', path: '/var/run/docker.sock', describe: 'unix:///var/run/docker.sock'};

describe('precedence', () => {
	const files = {
		'config.json': JSON.stringify({currentContext: 'current'}),
		...meta('flagged', {Host: 'tcp://flagged:1'}),
		...meta('env', {Host: 'tcp://env-context:1'}),
		...meta('current', {Host: 'tcp://current:1'}),
	};

	test('context, host, DOCKER_HOST, DOCKER_CONTEXT, currentContext, the default socket', async () => {
		const bare = await withFiles(files);
		const all = {...bare, DOCKER_HOST: 'tcp://env-host:1', DOCKER_CONTEXT: 'env'};
		const where = (target: {host?: string; context?: string}, env: Record<string, string>) =>
			dockerEndpoint(target, env).describe;
		expect(where({context: 'flagged', host: 'tcp://host:1'}, all)).toBe('tcp://flagged:1');
		expect(where({host: 'tcp://host:1'}, all)).toBe('tcp://host:1');
		expect(where({}, all)).toBe('tcp://env-host:1');
		expect(where({}, {...bare, DOCKER_CONTEXT: 'env'})).toBe('tcp://env-context:1');
		expect(where({}, bare)).toBe('tcp://current:1');
		expect(where({}, nobody)).toBe('unix:///var/run/docker.sock');
	});

	test('the context "default" is DOCKER_HOST, else the default socket', async () => {
		const bare = await withFiles(files);
		expect(dockerEndpoint({context: 'default'}, {...bare, DOCKER_HOST: 'tcp://e:1'}).describe).toBe(
			'tcp://e:1',
		);
		expect(dockerEndpoint({}, {...bare, DOCKER_CONTEXT: 'default'})).toEqual(defaultSocket);
	});

	test('~/.docker is read where DOCKER_CONFIG is not set', async () => {
		const home = await tempFolder({
			'.docker/config.json': '{"currentContext":"a"}',
			[`.docker/contexts/meta/${id('a')}/meta.json`]: '{"Endpoints":{"docker":{"Host":"unix:///a.sock"}}}',
		});
		expect(dockerEndpoint({}, {HOME: home})).toMatchObject({kind: 'socket', path: '/a.sock'});
	});

	test.each(['{', 'null', '{"currentContext": 5}', '{"currentContext": ""}', '{}'])(
		'a config.json of %s names no context',
		async (text) => {
			expect(dockerEndpoint({}, await withFiles({'config.json': text}))).toEqual(defaultSocket);
		},
	);
});

describe('addresses', () => {
	test.each([
		['unix:///run/user/1000/docker.sock', {kind: 'socket', path: '/run/user/1000/docker.sock'}],
		['unix://', {kind: 'socket', path: '/var/run/docker.sock'}],
		['unix://~/docker.sock', {kind: 'socket', path: '/nowhere/docker.sock'}],
		['tcp://h:1234', {kind: 'tcp', host: 'h', port: 1234, describe: 'tcp://h:1234'}],
		['tcp://h', {kind: 'tcp', host: 'h', port: 2375, describe: 'tcp://h:2375'}],
		['tcp://:1234', {kind: 'tcp', host: '127.0.0.1', port: 1234}],
		['h:1234', {kind: 'tcp', host: 'h', port: 1234}],
		['tcp://[::1]:1234', {kind: 'tcp', host: '::1', port: 1234, describe: 'tcp://[::1]:1234'}],
		['http://h', {kind: 'tcp', host: 'h', port: 2375}],
	])('%s', (address, endpoint) => {
		const result = dockerEndpoint({}, {...nobody, DOCKER_HOST: address});
		expect(result).toMatchObject(endpoint);
		expect(result).not.toHaveProperty('tls');
	});

	test('https is TLS by itself', () => {
		expect(dockerEndpoint({host: 'https://h'}, nobody)).toMatchObject({
			kind: 'tcp',
			host: 'h',
			port: 2376,
			tls: {},
		});
	});

	test.each([
		[
			'ssh://me@h',
			'DOCKER_HOST: ssh://***@h cannot be used, since the host key would not be checked. Run jetmedic on that host, or forward its socket with `ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock HOST` and set DOCKER_HOST=unix:///tmp/docker.sock.',
		],
		[
			'npipe:////./pipe/x',
			'DOCKER_HOST: npipe:////./pipe/x cannot be used; expected unix:///path, tcp://host:port, or the name of a context.',
		],
		[
			'unix://docker.sock',
			'DOCKER_HOST: unix://docker.sock must name the socket by its whole path: unix:///path.',
		],
		['tcp://h:99999', 'DOCKER_HOST: tcp://h:99999 is not of the form tcp://host:port.'],
		['tcp://', 'DOCKER_HOST: tcp:// is not of the form tcp://host:port.'],
		['tcp://h:1/prefix', 'DOCKER_HOST: tcp://h:1/prefix is not of the form tcp://host:port.'],
		['tcp://me:hunter2@h:1', 'DOCKER_HOST: tcp://***@h:1 is not of the form tcp://host:port.'],
	])('%s is refused', (address, message) => {
		const resolve = () => dockerEndpoint({}, {...nobody, DOCKER_HOST: address});
		expect(resolve).toThrow(ConfigError);
		expect(resolve).toThrow(new ConfigError(message));
	});

	test('the message names the configuration where the address is from there', () => {
		expect(() => dockerEndpoint({host: 'tcp://h:0'}, nobody)).toThrow(
			new ConfigError('docker.host: tcp://h:0 is not of the form tcp://host:port.'),
		);
	});
});

describe('TLS of the environment', () => {
	const files = {'ca.pem': 'CA', 'cert.pem': 'CERT', 'key.pem': 'KEY'};

	test('DOCKER_TLS_VERIFY brings the files of DOCKER_CERT_PATH, and port 2376', async () => {
		const env = {
			...nobody,
			DOCKER_HOST: 'tcp://h',
			DOCKER_TLS_VERIFY: '1',
			DOCKER_CERT_PATH: await tempFolder(files),
		};
		const tls = {ca: 'CA', cert: 'CERT', key: 'KEY'};
		expect(dockerEndpoint({}, env)).toEqual({
			kind: 'tcp',
			host: 'h',
			port: 2376,
			tls,
			describe: 'tcp://h:2376',
		});
		expect(dockerEndpoint({host: 'tcp://x:5'}, env)).toMatchObject({host: 'x', port: 5, tls});
	});

	test('without DOCKER_CERT_PATH they are in the folder of the CLI', async () => {
		const env = {...(await withFiles(files)), DOCKER_HOST: 'tcp://h', DOCKER_TLS_VERIFY: '1'};
		expect(dockerEndpoint({}, env)).toMatchObject({tls: {ca: 'CA'}});
	});

	test('a CA alone is enough', async () => {
		const folder = await tempFolder({'ca.pem': 'CA'});
		const env = {...nobody, DOCKER_HOST: 'tcp://h', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder};
		expect(dockerEndpoint({}, env)).toMatchObject({tls: {ca: 'CA'}});
	});

	test('DOCKER_CERT_PATH alone does not mean TLS, nor does any of them for a socket', async () => {
		const folder = await tempFolder(files);
		const env = {...nobody, DOCKER_HOST: 'tcp://h', DOCKER_CERT_PATH: folder};
		expect(dockerEndpoint({}, env)).not.toHaveProperty('tls');
		expect(dockerEndpoint({}, {...env, DOCKER_HOST: 'unix:///x', DOCKER_TLS_VERIFY: '1'})).not.toHaveProperty(
			'tls',
		);
	});

	test('missing files are named', async () => {
		const env = {...nobody, DOCKER_HOST: 'tcp://h', DOCKER_TLS_VERIFY: '1'};
		const empty = await tempFolder();
		const half = await tempFolder({'ca.pem': 'CA', 'cert.pem': 'CERT'});
		expect(() => dockerEndpoint({}, {...env, DOCKER_CERT_PATH: empty})).toThrow(
			new ConfigError(
				`DOCKER_TLS_VERIFY is set, and there is no ca.pem in ${empty}. Set DOCKER_CERT_PATH to the folder of ca.pem, cert.pem and key.pem.`,
			),
		);
		expect(() => dockerEndpoint({}, {...env, DOCKER_CERT_PATH: half})).toThrow(
			new ConfigError(`${half} of DOCKER_CERT_PATH has cert.pem without key.pem.`),
		);
	});

	test('TLS without verification is refused', () => {
		expect(() => dockerEndpoint({}, {...nobody, DOCKER_HOST: 'tcp://h', DOCKER_TLS: '1'})).toThrow(
			new ConfigError(
				'DOCKER_TLS without DOCKER_TLS_VERIFY skips the verification of the server, which is not supported. Set DOCKER_TLS_VERIFY=1.',
			),
		);
	});
});

describe('contexts', () => {
	test('one with TLS files has them, and no others', async () => {
		const env = await withFiles({
			...meta('prod', {Host: 'tcp://h:2376', SkipTLSVerify: false}),
			[`contexts/tls/${id('prod')}/docker/ca.pem`]: 'CA',
			[`contexts/tls/${id('prod')}/docker/cert.pem`]: 'CERT',
			[`contexts/tls/${id('prod')}/docker/key.pem`]: 'KEY',
		});
		expect(dockerEndpoint({context: 'prod'}, {...env, DOCKER_TLS_VERIFY: '1'})).toEqual({
			kind: 'tcp',
			host: 'h',
			port: 2376,
			tls: {ca: 'CA', cert: 'CERT', key: 'KEY'},
			describe: 'tcp://h:2376',
		});
	});

	test('the variables of TLS are not for a context', async () => {
		const env = await withFiles({...meta('plain', {Host: 'tcp://h:2375'}), 'ca.pem': 'CA'});
		expect(dockerEndpoint({context: 'plain'}, {...env, DOCKER_TLS_VERIFY: '1'})).not.toHaveProperty('tls');
	});

	test('a missing one is named, with those that exist', async () => {
		const env = await withFiles({...meta('b', {}), ...meta('a', {}), 'contexts/meta/damaged/meta.json': '{'});
		expect(() => dockerEndpoint({context: 'prod'}, env)).toThrow(
			new ConfigError(
				`There is no Docker context "prod" in ${join(env.DOCKER_CONFIG, 'contexts')}. Those that exist: default, a, b.`,
			),
		);
		expect(() => dockerEndpoint({}, {...nobody, DOCKER_CONTEXT: 'prod'})).toThrow(
			new ConfigError(
				'There is no Docker context "prod" in /nowhere/.docker/contexts. The only one is default.',
			),
		);
	});

	test('one that cannot be used says why', async () => {
		const damaged = `contexts/meta/${id('damaged')}/meta.json`;
		const env = await withFiles({
			[damaged]: '{"Endpoints": hunter2',
			...meta('none', {}),
			...meta('skip', {Host: 'tcp://h:2376', SkipTLSVerify: true}),
			...meta('ssh', {Host: 'ssh://h'}),
		});
		const use = (context: string) => () => dockerEndpoint({context}, env);
		expect(use('damaged')).toThrow(
			new ConfigError(
				`Cannot read the Docker context "damaged": ${join(env.DOCKER_CONFIG, damaged)}: it is not JSON.`,
			),
		);
		expect(use('none')).toThrow(
			new ConfigError(
				'The Docker context "none" has no Docker endpoint. Make it anew with `docker context create`.',
			),
		);
		expect(use('skip')).toThrow(
			/^The Docker context "skip" skips the verification of the server \(SkipTLSVerify\)/,
		);
		expect(use('ssh')).toThrow(/^Docker context "ssh": ssh:\/\/h cannot be used/);
	});

	test('one without permission says so', async () => {
		const env = await withFiles(meta('prod', {Host: 'tcp://h'}));
		const file = join(env.DOCKER_CONFIG, 'contexts/meta', id('prod'), 'meta.json');
		await chmod(file, 0);
		await expect(withoutRoot(() => dockerEndpoint({context: 'prod'}, env))).rejects.toThrow(
			/: permission denied\.$/,
		);
	});
});
