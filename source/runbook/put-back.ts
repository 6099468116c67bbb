import {sanitize} from '../text/sanitize.ts';
import type {RunContext} from './context.ts';
import {startServices} from './start.ts';

// How long it is tried; a look after the first says whether what was started still runs.
const putBackMs = 60_000;
const putBackEveryMs = 500;
const leastRounds = 2;

/** Starts again what the run stopped and has not started. Answers what could not be, as a sentence. */
export async function putBack(context: RunContext, stopped: Set<string>): Promise<string | undefined> {
	if (stopped.size === 0) {
		return undefined;
	}
	let failed: {service: string; reason: string}[] = [];
	let unknown: string[] = [];
	const {clock} = context.deployment;
	const started = clock.elapsed();
	// Again and again: an engine that is restarting refuses at first, and a stop that was under way ends late.
	for (
		let round = 0;
		round < leastRounds || (failed.length > 0 && clock.elapsed() - started < putBackMs);
		round++
	) {
		if (round > 0) {
			await clock.delay(putBackEveryMs);
		}
		try {
			({failed, unknown} = await startServices(context, [...stopped]));
		} catch (error) {
			failed = [...stopped].map((service) => ({service, reason: (error as Error).message}));
		}
	}
	const names = new Set(failed.map(({service}) => service));
	context.write({
		event: 'restored',
		services: [...stopped].filter((service) => !names.has(service)),
	});
	const sentences = [
		...(failed.length === 0
			? []
			: [
					`Still stopped: ${failed.map(({service, reason}) => `${service} (${sanitize(reason, 200)})`).join(', ')}.`,
				]),
		...(unknown.length === 0 ? [] : [notServices(unknown)]),
	];
	return sentences.join(' ') || undefined;
}

/** That names are nothing to start, as a sentence. */
export const notServices = (names: readonly string[]): string =>
	`Not started, because this project has no such service: ${names.map((name) => sanitize(name, 60)).join(', ')}.`;
