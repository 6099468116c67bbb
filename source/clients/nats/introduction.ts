import * as z from 'zod';
import {sanitize} from '../../text/sanitize.ts';
import {readInfoLine} from './info-line.ts';

/** A server as it introduces itself to whoever connects, before it asks who that is. */
export type Introduction = {serverId: string; serverName: string};

const schema = z.object({
	server_id: z.string().min(1).max(100),
	server_name: z.string().catch(''),
});

/**
Reads who the server is from its INFO line, before any login.

@throws an Error with a `code` as node:net has it, or TIMEOUT, or NOT_NATS where something else answers.
*/
export async function readIntroduction(
	host: string,
	port: number,
	deadlineMs: number,
	signal?: AbortSignal,
): Promise<Introduction> {
	const introduction = parseIntroduction(await readInfoLine(host, port, deadlineMs, signal));
	if (introduction === undefined) {
		throw Object.assign(new Error('the program that answers is not a NATS server'), {code: 'NOT_NATS'});
	}
	return introduction;
}

/** The INFO line taken apart; undefined where it is none. */
export function parseIntroduction(line: string): Introduction | undefined {
	const json = /^INFO\s+(?<json>\{.*\})\s*$/.exec(line)?.groups?.['json'];
	try {
		const info = schema.safeParse(JSON.parse(json ?? '')).data;
		return info && {serverId: sanitize(info.server_id, 100), serverName: sanitize(info.server_name, 100)};
	} catch {
		return undefined;
	}
}

/**
The id that a server writes to its log when it starts: `[1] 2026/11/29 22:23:53.149810 [INF]   ID:       NCHD…`.

@param lines - The first lines of the log since the start of its container.
*/
export function idInLog(lines: readonly string[]): string | undefined {
	const found = lines.map((line) => /\[INF\]\s+ID:\s+(?<id>N[A-Z2-7]{55})\s*$/.exec(line)?.groups?.['id']);
	// One that was started again in the same container wrote another one.
	return found.findLast((id) => id !== undefined);
}
