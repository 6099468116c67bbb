import type {NatsConnection} from 'nats';
import {accountInfo, ErrorCode, JetStreamError, NoAnswerError} from './jetstream.ts';

/** How long a server may take to say that it takes part in its cluster: it knows that by itself. */
const answerMs = 500;

/**
Whether the server behind a connection answers for JetStream. One of a cluster that is cut off from the others greets
and refuses (10008), or says nothing; what another one would refuse as well is no reason to leave it.
*/
async function answersForJetStream(connection: NatsConnection): Promise<boolean> {
	try {
		await accountInfo(connection, answerMs);
		return true;
	} catch (error) {
		const isSilent = error instanceof NoAnswerError && error.reason === 'timeout';
		const isAlone = error instanceof JetStreamError && error.errCode === ErrorCode.clusterNotAvailable;
		return !isSilent && !isAlone;
	}
}

/**
The first of several servers that answers for JetStream; where none does, the first that could be connected to.

@throws the first server's error where none could be.
*/
export async function firstUseful(
	servers: readonly string[],
	connect: (server: string) => Promise<NatsConnection>,
): Promise<NatsConnection> {
	let spare: NatsConnection | undefined;
	let failure: unknown;
	for (const server of servers) {
		let connection: NatsConnection;
		try {
			connection = await connect(server);
		} catch (error) {
			failure ??= error;
			continue;
		}
		if (await answersForJetStream(connection)) {
			await spare?.close();
			return connection;
		}
		if (spare) {
			await connection.close();
		}
		spare ??= connection;
	}
	if (!spare) {
		throw failure;
	}
	return spare;
}
