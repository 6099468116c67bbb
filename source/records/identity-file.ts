import * as z from 'zod';
import {sanitize} from '../text/sanitize.ts';
import {readOwn, writeWhole} from './own-file.ts';

/** What tells whose records a folder has: `identity.json` in it. */
export type Identity = {
	/** The engine's ID. */
	engine: string;
	/** The Compose project. */
	project: string;
	/** What the configuration last called it. */
	deployment: string;
	/** The addresses at which the engine answered, with the last time that it did. */
	endpoints: Record<string, number>;
};

const text = z
	.string()
	.max(1000)
	.transform((value) => sanitize(value, 300));
const schema = z.object({
	engine: text,
	project: text,
	deployment: text.catch(''),
	endpoints: z.record(z.string().max(300), z.number()).catch({}),
});
const maxBytes = 64 << 10;
const maxEndpoints = 20;

/** Whose records a folder has; undefined where the file is not there, or says it of nobody. Never throws. */
export function readIdentity(path: string): Identity | undefined {
	try {
		return schema.safeParse(JSON.parse(readOwn(path, maxBytes))).data;
	} catch {
		return undefined;
	}
}

/** Writes down that an engine answered at an address. @throws when it can't be written. */
export function writeIdentity(
	path: string,
	{endpoint, ...whose}: Omit<Identity, 'endpoints'> & {endpoint: string},
	now: number,
): void {
	const endpoints = Object.entries({...readIdentity(path)?.endpoints, [endpoint]: now})
		.sort(([, a], [, b]) => b - a)
		.slice(0, maxEndpoints);
	const {engine, project, deployment} = whose;
	const identity: Identity = {engine, project, deployment, endpoints: Object.fromEntries(endpoints)};
	writeWhole(path, `${JSON.stringify(identity, undefined, '\t')}\n`);
}
