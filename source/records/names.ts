/*
Names that were read back from a journal, a label or a folder. Whoever wrote them chose them: as a file's name one could lead
out of its folder, as an argument one could be a flag.
*/

/** Whether a text can be the id of a run. It becomes the name of a file. */
export const isRunId = (id: string): boolean => /^\w[\w.-]{0,149}$/.test(id);

/** Whether a text can be the name of a Compose service. (compose-spec, schema, `services`) */
export const isServiceName = (name: string): boolean => /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,199}$/.test(name);

/**
Of the services that a journal names, those that the deployment has, and the other names.

@param services - The deployment's own, as the engine and the configuration give them; undefined where nobody was asked, so that only what cannot be a name is left out.
*/
export function knownServices(
	claimed: readonly string[],
	services?: readonly string[],
): {known: string[]; unknown: string[]} {
	const there = services === undefined ? undefined : new Set(services);
	const known = claimed.filter((name) => isServiceName(name) && (there === undefined || there.has(name)));
	const kept = new Set(known);
	return {known, unknown: claimed.filter((name) => !kept.has(name))};
}
