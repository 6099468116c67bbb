import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {request} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import type {DockerEndpoint} from '../../../source/clients/docker/endpoint.ts';
import {describeDockerError} from '../../../source/clients/docker/errors.ts';

const socket: DockerEndpoint = {
	kind: 'socket',
	path: '/var/run/docker.sock',
	describe: 'unix:///var/run/docker.sock',
};
const tcp: DockerEndpoint = {kind: 'tcp', host: 'h', port: 2376, tls: {}, describe: 'tcp://h:2376'};
const fault = (fields: object, message = 'x') => Object.assign(new Error(message), fields);

test.each([
	['EACCES', socket, 'permission denied. Add yourself to the docker group, or run as root.'],
	['EPERM', socket, 'permission denied. Add yourself to the docker group, or run as root.'],
	[
		'ENOENT',
		socket,
		'there is no such socket. Is Docker running? Start it, or name the engine with DOCKER_HOST or a Docker context.',
	],
	['ECONNREFUSED', socket, 'connection refused. Is Docker running?'],
	['ECONNREFUSED', tcp, 'connection refused. Is Docker running, and does it listen on this port?'],
	['ECONNRESET', socket, 'the connection was closed. Is Docker restarting?'],
	['ENOTFOUND', tcp, 'the host name is not known. Check the address.'],
	['EHOSTUNREACH', tcp, 'there is no route to the host. Check the network.'],
	['ETIMEDOUT', tcp, 'no answer in time. Check the address and the firewall.'],
	[
		'ETIMEDOUT',
		socket,
		'no answer in time. The engine or this host is overloaded or hangs: check its load and its log.',
	],
	['CERT_HAS_EXPIRED', tcp, 'its certificate has expired. Renew it.'],
	[
		'ERR_TLS_CERT_ALTNAME_INVALID',
		tcp,
		'its certificate is for another host name. Use the name that it is for.',
	],
	[
		'DEPTH_ZERO_SELF_SIGNED_CERT',
		tcp,
		'its certificate is not signed by a known CA. Check ca.pem in DOCKER_CERT_PATH or in the context.',
	],
	[
		'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
		tcp,
		'the TLS handshake failed. Does this port speak TLS, and are cert.pem and key.pem the right ones?',
	],
	[
		'EPROTO',
		tcp,
		'the TLS handshake failed. Does this port speak TLS, and are cert.pem and key.pem the right ones?',
	],
] as const)('%s', (code, endpoint, reason) => {
	expect(describeDockerError(fault({code}), endpoint)).toBe(
		`Cannot reach the Docker engine at ${endpoint.describe}: ${reason}`,
	);
});

test('a deadline that has passed is no answer in time', () => {
	const error = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
	expect(describeDockerError(error, tcp)).toMatch(
		/: no answer in time\. Check the address and the firewall\.$/,
	);
});

test('the code is found in the cause', () => {
	const error = new Error('fetch failed', {cause: fault({code: 'ECONNREFUSED'})});
	expect(describeDockerError(error, socket)).toMatch(/: connection refused\. Is Docker running\?$/);
});

test('an answer of the engine is in its own words, without the wrapping of the client', () => {
	const error = fault(
		{statusCode: 409, reason: undefined, json: {message: 'container is paused'}},
		'(HTTP code 409) unexpected - container is paused ',
	);
	const sentence = 'The Docker engine at unix:///var/run/docker.sock answers 409: container is paused.';
	expect(describeDockerError(error, socket)).toBe(sentence);
	expect(describeDockerError(fault({statusCode: 409}, error.message), socket)).toBe(sentence);
});

test('plain HTTP at a port of TLS says what to set', () => {
	const error = fault(
		{statusCode: 400},
		'(HTTP code 400) unexpected - Client sent an HTTP request to an HTTPS server.',
	);
	expect(describeDockerError(error, {...tcp, tls: undefined})).toBe(
		'Cannot reach the Docker engine at tcp://h:2376: it speaks TLS. Set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH, or use a context.',
	);
});

test('anything else is sanitised, freed from secrets, and bounded', () => {
	const hostile = `\u001b[31mbad\u202e http://me:hunter2@h token=hunter2 ${'x'.repeat(5000)}`;
	const text = describeDockerError(new Error(hostile), socket);
	expect(text).toMatch(
		/^Cannot reach the Docker engine at unix:\/\/\/var\/run\/docker\.sock: bad http:\/\/\*\*\*@h/,
	);
	expect(text).not.toMatch(/hunter2|\u001b|\u202e/);
	expect(text.length).toBeLessThan(400);
	expect(describeDockerError('', socket)).toMatch(/: unknown error\.$/);
	expect(describeDockerError(undefined, socket)).toMatch(/^Cannot reach the Docker engine at /);
});

test('what Node itself gives for a socket that is not there, and for a file that is none', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'jetmedic-test-'));
	onTestFinished(() => rm(folder, {recursive: true, force: true}));
	await writeFile(join(folder, 'file'), '');
	const fail = (socketPath: string) =>
		new Promise<Error>((resolve) => request({socketPath, path: '/_ping'}).on('error', resolve).end());
	expect(describeDockerError(await fail(join(folder, 'none')), socket)).toContain('there is no such socket.');
	expect(describeDockerError(await fail(join(folder, 'file')), socket)).toMatch(
		/: (connection refused\. Is Docker running\?|it is not a socket\. .*)$/,
	);
});
