import type {NatsConnection} from 'nats';
import * as z from 'zod';
import {sanitize} from '../../text/sanitize.ts';
import {parseBounded} from '../bounded-json.ts';

/** What a user may publish: NATS subjects with wildcards. Undefined where nothing is restricted. */
export type PublishPermissions = {
	allow?: string[] | undefined;
	deny?: string[] | undefined;
	/**
	Whether it may answer at the reply subject of what it is sent (`allow_responses`). Without a list of what is allowed
	that is then all that it may publish. https://docs.nats.io/running-a-nats-service/configuration/securing_nats/authorization
	*/
	responses?: boolean | undefined;
};

const subjects = z
	.array(z.string().transform((subject) => sanitize(subject, 300)))
	.max(10_000)
	.nullish()
	.transform((list) => list ?? undefined);
const schema = z.object({
	data: z.object({
		permissions: z
			.object({
				publish: z.object({allow: subjects, deny: subjects}).nullish(),
				responses: z.looseObject({}).nullish(),
			})
			.nullish(),
	}),
});

/**
What the connection's user may publish, as the server says it: `$SYS.REQ.USER.INFO`, nats-server 2.10 and later.

@throws whatever a request throws where the server does not answer it, and a schema's error.
*/
export async function readPublishPermissions(
	connection: NatsConnection,
	timeoutMs = 1000,
): Promise<PublishPermissions> {
	const answer = await connection.request('$SYS.REQ.USER.INFO', undefined, {timeout: timeoutMs});
	const {publish, responses} = schema.parse(parseBounded(answer.string())).data.permissions ?? {};
	return {...publish, ...(responses ? {responses: true} : {})};
}

/** Whether a subject without wildcards fits one with them. https://docs.nats.io/nats-concepts/subjects */
export function matches(pattern: string, subject: string): boolean {
	const wanted = pattern.split('.');
	const tokens = subject.split('.');
	for (const [index, token] of wanted.entries()) {
		if (token === '>') {
			return index < tokens.length;
		}
		if (index >= tokens.length || (token !== '*' && token !== tokens[index])) {
			return false;
		}
	}
	return wanted.length === tokens.length;
}

/** Whether a subject without wildcards may be published to: it must be allowed, and a denial goes before. */
export function mayPublish({allow, deny, responses}: PublishPermissions, subject: string): boolean {
	const isAllowed =
		!allow || allow.length === 0 ? !responses : allow.some((pattern) => matches(pattern, subject));
	return isAllowed && !deny?.some((pattern) => matches(pattern, subject));
}
