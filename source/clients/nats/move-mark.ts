/**
What a consumer carries while a run makes it anew: behind which sequence it belongs. It is in its metadata, so that every console
sees it, and goes with the move.
*/
const key = 'jetmedic.after';

type Config = Record<string, unknown>;

const metadataOf = ({metadata}: Config): Record<string, string> =>
	typeof metadata === 'object' && metadata !== null ? (metadata as Record<string, string>) : {};

/** The configuration of a consumer that is to be moved behind a sequence. */
export const withMark = (config: Config, after: number): Config => ({
	...config,
	metadata: {...metadataOf(config), [key]: String(after)},
});

/** The sequence that a consumer belongs behind, where it was not moved yet. */
export function markOf(metadata: Record<string, string> | undefined): number | undefined {
	const after = Number(metadata?.[key]);
	return Number.isSafeInteger(after) && after >= 0 ? after : undefined;
}

/** Whether a configuration is one that a run made, and not the consumer's own. */
export const isOfRun = (config: Config): boolean =>
	Object.keys(metadataOf(config)).some((name) => name.startsWith('jetmedic.'));
