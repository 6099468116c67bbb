import {readFileSync} from 'node:fs';
import {chmod, writeFile} from 'node:fs/promises';
import http from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import {deliver, type EscalationMessage} from '../../source/escalation/deliver.ts';
import {isAlive, processStart} from '../../source/records/process.ts';
import {tempFolder} from '../config/temp.ts';
import {until} from '../until.ts';

const message: EscalationMessage = {
	deployment: 'titan',
	host: 'prod-1',
	since: '2026-11-23T14:03:11.000Z',
	title: 'titan on prod-1 is not mended after 15 m',
	text: '# titan\n\n- **critical** ünïcode `$(rm -rf /)`\n',
	run: {id: 'r-1', title: 'restart', result: 'unverified'},
};

/** A program of the shell, in a folder of its own. */
async function program(script: string): Promise<{path: string; folder: string}> {
	const folder = await tempFolder();
	const path = join(folder, 'pager');
	await writeFile(path, `#!/bin/sh\ncd "${folder}"\n${script}\n`);
	await chmod(path, 0o755);
	return {path, folder};
}

const run = (argv: string[], deadlineMs = 5000, told = message) =>
	deliver({kind: 'command', name: 'pager', argv}, told, deadlineMs);

describe('a command', () => {
	it('gets the report on its standard input, the facts as variables, and its arguments as they are', async () => {
		const {path, folder} = await program(
			'cat > report; printf "%s|" "$@" > args; printf "%s|" "$JETMEDIC_DEPLOYMENT" "$JETMEDIC_HOST" "$JETMEDIC_SINCE" "$JETMEDIC_RUN" "$JETMEDIC_RUN_RESULT" "$JETMEDIC_TITLE" > facts; echo noise',
		);
		await run([path, '--severity', 'critical; $(touch owned) `x` *']);
		const read = (name: string) => readFileSync(join(folder, name), 'utf8');
		expect(read('report')).toBe(message.text);
		expect(read('args')).toBe('--severity|critical; $(touch owned) `x` *|');
		expect(read('facts')).toBe(`titan|prod-1|${message.since}|r-1|unverified|${message.title}|`);
	});

	it('gets no secret of this process, and what the configuration passes on', async () => {
		const {path, folder} = await program('env > variables');
		for (const name of ['NATS_PASSWORD', 'PAGER_KEY', 'OTHER_TOKEN']) {
			process.env[name] = 'hunter2';
			onTestFinished(() => void delete process.env[name]);
		}
		await deliver({kind: 'command', name: 'pager', argv: [path], pass: ['PAGER_KEY']}, message, 5000);
		const variables = readFileSync(join(folder, 'variables'), 'utf8');
		expect(variables).toContain('PAGER_KEY=hunter2');
		expect(variables).toContain('JETMEDIC_DEPLOYMENT=titan');
		expect(variables).toMatch(/^PATH=/m);
		expect(variables).not.toMatch(/NATS_PASSWORD|OTHER_TOKEN/);
	});

	it('need not read what it is given', async () => {
		const {path} = await program('exec 0<&-; exit 0');
		await run([path], 5000, {...message, text: 'x'.repeat(1_000_000)});
	});

	it.each([
		['exit 3', 'it ended with code 3'],
		[
			'echo one >&2; echo "no route: key --code 9" >&2; exit 1',
			'it ended with code 1: no route: key --code 9',
		],
		['kill -TERM $$', 'it was ended by SIGTERM'],
		[
			'printf "\\033[31mtoken=hunter2 for hunter2hunter2" >&2; exit 1',
			'it ended with code 1: token=*** for ***',
		],
	])('that fails says why: %s', async (script, why) => {
		const {path} = await program(script);
		await expect(run([path, 'hunter2hunter2'])).rejects.toThrow(new Error(why));
	});

	it('that is not there, or may not be run, says so', async () => {
		const {path} = await program('');
		await expect(run([`${path}-not`])).rejects.toThrow('there is no such program');
		await chmod(path, 0o644);
		await expect(run([path])).rejects.toThrow('it is not executable');
	});

	it('that hangs is killed with all that it started', async () => {
		const {path, folder} = await program('sleep 60 & echo $! > child; wait');
		await expect(run([path], 500)).rejects.toThrow('it did not end within 0.5 s and was killed');
		const pid = Number(readFileSync(join(folder, 'child'), 'utf8'));
		const start = processStart(pid);
		await until('what it started is gone', () => start === '' || !isAlive(pid, start));
	});

	it('is over when it ends, whatever it leaves behind', async () => {
		const {path} = await program('sleep 5 2>&1 & exit 0');
		const at = performance.now();
		await run([path], 4000);
		expect(performance.now() - at).toBeLessThan(3000);
	});
});

type Received = {method?: string; url?: string; headers: http.IncomingHttpHeaders; body: string};

/** A server that takes posts; answers its address and what it got. */
async function server(
	answer: (response: http.ServerResponse) => void,
): Promise<{url: string; got: Received[]}> {
	const got: Received[] = [];
	const listening = http.createServer((request, response) => {
		let body = '';
		request.on('data', (chunk) => {
			body += String(chunk);
		});
		request.on('end', () => {
			got.push({method: request.method, url: request.url, headers: request.headers, body});
			answer(response);
		});
	});
	await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
	onTestFinished(() => {
		listening.closeAllConnections();
		listening.close();
	});
	return {url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}/hook/T0?a=b`, got};
}

const post = (url: string, headers = {}, deadlineMs = 5000, told = message) =>
	deliver({kind: 'webhook', name: 'hook', webhook: {url, headers}}, told, deadlineMs);

describe('a webhook', () => {
	it('gets the report as JSON, with its headers', async () => {
		const {url, got} = await server((response) => response.end('ok'));
		await post(url, {Authorization: 'Bearer hunter2', 'X-Key': 'a'});
		expect(got).toHaveLength(1);
		expect(got[0]).toMatchObject({
			method: 'POST',
			url: '/hook/T0?a=b',
			headers: {
				'content-type': 'application/json; charset=utf-8',
				authorization: 'Bearer hunter2',
				'x-key': 'a',
			},
		});
		expect(JSON.parse(got[0]!.body)).toEqual(message);
	});

	it('gets no text that a chat would refuse for its length', async () => {
		const {url, got} = await server((response) => response.end());
		await post(url, {}, 5000, {...message, text: 'ü'.repeat(50_000)});
		const {text} = JSON.parse(got[0]!.body);
		expect(text.length).toBeLessThan(16_383);
		expect(text).toMatch(/\(cut\)$/);
	});

	it.each([500, 404, 302])('that answers %i has not taken it, and nobody else gets it', async (status) => {
		const other = await server((response) => response.end());
		const {url} = await server((response) => {
			response.writeHead(status, {location: other.url});
			response.end('hunter2');
		});
		await expect(post(url)).rejects.toThrow(new Error(`HTTP ${status}`));
		expect(other.got).toEqual([]);
	});

	it('that does not answer, is not there, or is no web server, says so without its address', async () => {
		const {url} = await server(() => {});
		await expect(post(url, {}, 300)).rejects.toThrow(new Error('no answer in 0.3 s'));
		await expect(post('http://127.0.0.1:1/hunter2')).rejects.toThrow(new Error('connection refused'));
		await expect(post(url.replace('http:', 'https:'))).rejects.not.toThrow(/hook|T0/);
	});
});
