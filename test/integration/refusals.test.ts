/** What the preflight refuses of a server that asks for credentials. Runs inside `lab exec`. */
import {existsSync, readdirSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {tempFolder} from '../config/temp.ts';
import {placeIn} from '../place-in.ts';
import {bareServer, guarded, guardedServer, guardedState} from './guarded-server.ts';
import {jetmedic, restore, startTimes} from './scene.ts';

const root = {user: 'root', pass: 'r'};
// The lab's environment names its own server, and would go before the file.
const env = {NATS_URL: ''};

const configuration = `
nats: {service: ${guarded.service}, url: '${guarded.url}', monitor: '${guarded.monitor}', user: ana, password: a}
stream: ${guarded.stream}
consumer: guard
keep: 10
`;

/** Starts the server with this configuration of its own, and 50 messages. */
async function server(text: string): Promise<string> {
	const folder = await tempFolder({'server.conf': text});
	await guardedServer(['--config', '/guarded/server.conf'], root, 50, [`${folder}:/guarded:ro`]);
	return tempFolder({'config.yaml': configuration});
}

/** A run that must be refused, and change nothing. */
async function refused(state: string, runbook: string, why: RegExp, flags: string[] = []): Promise<void> {
	const before = await startTimes();
	const run = jetmedic(['run', runbook, '--yes', '--json', '--config', 'config.yaml', ...flags], {
		state,
		env,
	});
	expect((await run.ended()).code).toBe(1);
	expect(run.result()).toMatchObject({result: 'failed', error: expect.stringMatching(why)});
	const steps = run.events.flatMap((event) =>
		event.event === 'step' ? [`${event.step} ${event.status}`] : [],
	);
	expect(steps).toEqual(['preflight running', 'preflight failed']);
	expect(await startTimes()).toEqual(before);
	const {backups} = placeIn(state);
	expect(existsSync(backups) && readdirSync(backups)).toEqual([]);
}

describe('a run is refused, and nothing is changed,', {timeout: 60_000}, () => {
	beforeAll(restore, 90_000);
	afterAll(restore, 90_000);

	it('where JetStream is off for the account', async () => {
		const state = await server(`accounts {
			ON {jetstream: enabled, users: [{user: root, password: r}]}
			OFF {users: [{user: ana, password: a}]}
		}`);
		for (const runbook of ['purge', 'recover']) {
			await refused(
				state,
				runbook,
				/JetStream is off for this account \(10039\)\. A restart does not turn it on/,
			);
		}
		expect((await guardedState(root)).messages).toBe(50);
	});

	it('where JetStream is off on the server', async () => {
		await bareServer(['--user', 'ana', '--pass', 'a'], {user: 'ana', pass: 'a'});
		const state = await tempFolder({'config.yaml': configuration});
		await refused(state, 'recover', /JetStream is off on this server: nobody answers its API/);
	});

	it.each(['PURGE', 'SNAPSHOT'])('without the right to STREAM.%s', async (call) => {
		const subject = `$JS.API.STREAM.${call}.${guarded.stream}`;
		const state = await server(`authorization { users: [
			{user: root, password: r}
			{user: ana, password: a, permissions: {publish: {deny: ["$JS.API.STREAM.${call}.>"]}}}
		]}`);
		for (const runbook of ['purge', 'recover']) {
			await refused(
				state,
				runbook,
				new RegExp(
					`These credentials may not publish to ${subject.replaceAll('$', '\\$')}\\. Use credentials that may`,
				),
			);
		}
		expect((await guardedState(root)).messages).toBe(50);
		// What is not done needs no right.
		const dry = ['run', 'purge', '--dry-run', '--no-backup', '--config', 'config.yaml'];
		expect((await jetmedic(dry, {state, env}).ended()).code).toBe(call === 'PURGE' ? 1 : 0);
	});
});
