import {withJetStream} from '../../deployment/deployment.ts';
import {type JetStream, JetStreamError, NoAnswerError} from '../../deployment/jetstream.ts';
import type {CheckResult} from '../../state/run.ts';
import {plural} from '../../text/count.ts';
import type {ReadContext} from '../context.ts';
import {restartFirst} from './server.ts';

/**
Connects, sees that JetStream is on, then looks further; its own check stands before those of `look`. Never throws: a server
that does not answer is a check that failed.
*/
export async function askJetStream<T extends {checks: CheckResult[]}>(
	{deployment}: Pick<ReadContext, 'deployment'>,
	look: (jetstream: JetStream) => Promise<T>,
): Promise<T | {checks: CheckResult[]}> {
	try {
		return await withJetStream(deployment, async (jetstream) => {
			const off = await checkJetStream(jetstream);
			if (off.some(({ok}) => !ok)) {
				return {checks: off};
			}
			const found = await look(jetstream);
			return {...found, checks: [...off, ...found.checks]};
		});
	} catch (error) {
		return {
			checks: [
				{name: 'NATS', ok: false, evidence: `${await deployment.server.describe(error)} ${restartFirst}`},
			],
		};
	}
}

// JetStream is not enabled: for this account, on this server.
const offCodes = [10039, 10076];

async function checkJetStream(jetstream: JetStream): Promise<CheckResult[]> {
	const name = 'JetStream';
	const off =
		'A restart does not turn it on: look at jetstream in the configuration of the server and account';
	try {
		const {streams} = await jetstream.account();
		return [{name, ok: true, evidence: `on, ${plural(streams, 'stream')}`}];
	} catch (error) {
		if (error instanceof JetStreamError) {
			const evidence = offCodes.includes(error.errCode)
				? `JetStream is off for this account (${error.errCode}). ${off}.`
				: `JetStream refuses: ${error.message}. ${restartFirst}`;
			return [{name, ok: false, evidence}];
		}
		if (error instanceof NoAnswerError && error.reason === 'no-responders') {
			return [
				{name, ok: false, evidence: `JetStream is off on this server: nobody answers its API. ${off}.`},
			];
		}
		if (error instanceof NoAnswerError && error.reason === 'denied') {
			const evidence =
				'These credentials may not ask JetStream anything. Use others, in the configuration under nats.';
			return [{name, ok: false, evidence}];
		}
		return [
			{
				name,
				ok: false,
				evidence: `JetStream does not answer: ${(error as Error).message}. ${restartFirst}`,
			},
		];
	}
}
