import type {Config} from '../config/schema.ts';

/** A text of a runbook with the deployment's own names in it. */
export const fill = (text: string, {nats, stream, consumer, keep}: Config): string =>
	text.replace(
		/\{(server|stream|consumer|keep)\}/g,
		(_, word: string) => ({server: nats.service, stream, consumer, keep: String(keep)})[word] ?? '',
	);
