import type {Environment} from './folders.ts';

/** What a program needs of its surroundings: where things are, in which language and time it speaks, which engine is meant. */
const named = new Set([
	'PATH',
	'HOME',
	'USER',
	'LOGNAME',
	'SHELL',
	'LANG',
	'LANGUAGE',
	'TERM',
	'TZ',
	'TMPDIR',
	'DOCKER_HOST',
	'DOCKER_CONTEXT',
	'DOCKER_CONFIG',
	'DOCKER_CERT_PATH',
	'DOCKER_TLS',
	'DOCKER_TLS_VERIFY',
	'SSL_CERT_FILE',
	'SSL_CERT_DIR',
	'HTTP_PROXY',
	'HTTPS_PROXY',
	'ALL_PROXY',
	'NO_PROXY',
]);
const families = /^(?:LC_|XDG_|JETMEDIC_)/;
const secretName = /PASS|TOKEN|SECRET|KEY|CREDENTIAL|SEED|JWT|AUTH/;
/** `http://user:password@proxy`. */
const hasPassword = /:\/\/[^/\s]*:[^/\s]*@/;

/**
The variables that a program gets which jetmedic starts and which is not jetmedic: a named few, and none that is a secret. A
pager, a step of a runbook and Docker's command have no use for NATS_PASSWORD, and a log of theirs would show it.

@param also - The names that the configuration passes on (`passEnvironment`).
*/
export function childEnvironment(env: Environment, also: readonly string[] = []): Record<string, string> {
	return Object.fromEntries(
		Object.entries(env).flatMap(([name, value]) =>
			value !== undefined && (also.includes(name) || isPassed(name, value)) ? [[name, value] as const] : [],
		),
	);
}

function isPassed(name: string, value: string): boolean {
	// Proxies are written in both cases.
	const upper = name.toUpperCase();
	const isNamed = named.has(upper.endsWith('_PROXY') ? upper : name) || families.test(name);
	return isNamed && !secretName.test(upper) && !hasPassword.test(value);
}
