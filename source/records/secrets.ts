import {closeSync, openSync, readSync} from 'node:fs';
import {readNatsContext} from '../clients/nats/context.ts';
import type {Config} from '../config/schema.ts';
import {parseNatsServers} from '../config/servers.ts';
import {exactForms} from '../text/redact.ts';
import {textSecrets} from './text-secrets.ts';

/**
What finds the secrets that this configuration and the files that it names hold: passwords, tokens, seeds and JWTs,
also in addresses. The journal hides these very values wherever they stand, whatever an error's text makes of them.
Never throws: what can't be read can't be written either.
*/
export async function exactSecrets(config: Config, env: NodeJS.ProcessEnv): Promise<RegExp[]> {
	const {context: name} = config.nats;
	const context = name === undefined ? undefined : await readNatsContext(name, env).catch(() => undefined);
	const {system} = config.nats;
	const files = [config.nats, system, context].flatMap((one) => [one?.creds, one?.nkey]);
	return exactForms(
		new Set([
			...textSecrets(config),
			...textSecrets({dockerHost: env['DOCKER_HOST'] ?? ''}),
			...(context === undefined ? [] : textSecrets(context)),
			...[config.nats, system, context].flatMap((nats) => (nats === undefined ? [] : login(nats))),
			...files.flatMap((path) => (path === undefined ? [] : keysIn(path))),
		]),
	);
}

type Login = {
	url?: string | undefined;
	user?: string | undefined;
	password?: string | undefined;
	token?: string | undefined;
};

/** A user without a password is a token; a user with one makes the value of a Basic header. */
function login({url, user, password, token}: Login): string[] {
	const logins: Login[] = [{user, password, token}];
	try {
		logins.push(parseNatsServers(url ?? ''));
	} catch {
		// An address that is none is never connected to.
	}
	return logins.flatMap((one) => [
		...(one.token === undefined ? [] : [one.token]),
		...(one.password === undefined ? [] : [one.password, `${one.user ?? ''}:${one.password}`]),
		...(one.user !== undefined && one.password === undefined && one.token === undefined ? [one.user] : []),
	]);
}

/** The seeds and JWTs of a credentials or nkey file. */
function keysIn(path: string): string[] {
	let file: number | undefined;
	try {
		file = openSync(path, 'r');
		const buffer = Buffer.alloc(64 << 10);
		const text = buffer.toString('utf8', 0, readSync(file, buffer, 0, buffer.length, 0));
		return text.match(/S[A-Z2-7]{50,}|eyJ[\w-]+\.[\w-]+\.[\w-]+/g) ?? [];
	} catch {
		return [];
	} finally {
		if (file !== undefined) {
			closeSync(file);
		}
	}
}
