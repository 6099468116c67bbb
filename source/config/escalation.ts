import {basename} from 'node:path';
import {sanitize} from '../text/sanitize.ts';
import type {Config} from './schema.ts';

/** Something that gets the report of an incident that was not mended in time. */
export type EscalationTarget =
	| {
			kind: 'command' /** The program's name. */;
			name: string;
			argv: string[];
			/** The variables that it gets besides the usual ones. */
			pass?: readonly string[] | undefined;
	  }
	| {kind: 'webhook' /** The address' host; the rest may be a secret. */; name: string; webhook: Webhook};

type Webhook = NonNullable<Config['escalation']['webhook']>;

/** Who gets the report; nobody where nothing is configured. */
export function escalationTargets({
	escalation,
	passEnvironment,
}: Pick<Config, 'escalation' | 'passEnvironment'>): EscalationTarget[] {
	const {command, webhook} = escalation;
	return [
		...(command === undefined
			? []
			: [
					{
						kind: 'command' as const,
						name: sanitize(basename(command[0] ?? ''), 60),
						argv: command,
						pass: passEnvironment,
					},
				]),
		...(webhook === undefined
			? []
			: [{kind: 'webhook' as const, name: sanitize(new URL(webhook.url).host, 60), webhook}]),
	];
}

/** Milliseconds after which an incident is escalated, and after which the clock warns of it. */
export function escalationTimes({escalation}: Pick<Config, 'escalation'>): {afterMs: number; warnMs: number} {
	const afterMs = escalation.afterMinutes * 60_000;
	return {afterMs, warnMs: Math.min(afterMs, escalation.warnMinutes * 60_000)};
}
