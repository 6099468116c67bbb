import {mkdirSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import type {Config} from '../config/schema.ts';

/** The folders of a deployment's records. */
export type Place = {
	root: string;
	/** One journal a run: `<run>.jsonl`. */
	runs: string;
	backups: string;
	/** The last seen configuration of every stream and consumer. */
	configs: string;
	/** How the streams and consumers were when they were last seen. */
	memory: string;
	/** When the incident began. */
	incident: string;
	/** The findings that came and went: one JSON object a line. */
	findings: string;
	/** The backups and restores that no run did: one JSON object a line. */
	transfers: string;
	/** How far the incident's escalation is. */
	escalation: string;
};

/**
Where a deployment's journal, backups and saved configurations are: `stateDir` of the configuration, else
`$XDG_STATE_HOME/jetmedic/<deployment>` (`~/.local/state` where that is not set).
https://specifications.freedesktop.org/basedir-spec/latest/
*/
export function placeOf(
	config: Pick<Config, 'deployment' | 'stateDir'>,
	env: NodeJS.ProcessEnv = process.env,
): Place {
	const base =
		config.stateDir ?? join(env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'jetmedic');
	const root = join(base, config.deployment);
	return {
		root,
		runs: join(root, 'runs'),
		backups: join(root, 'backups'),
		configs: join(root, 'configs.json'),
		memory: join(root, 'memory.json'),
		incident: join(root, 'incident.json'),
		findings: join(root, 'findings.jsonl'),
		transfers: join(root, 'transfers.jsonl'),
		escalation: join(root, 'escalation.json'),
	};
}

/** Makes the folders, readable by their owner alone: a backup holds the messages. @throws when they can't be made. */
export function makePlace(place: Place): void {
	for (const folder of [place.root, place.runs, place.backups]) {
		mkdirSync(folder, {recursive: true, mode: 0o700});
	}
}
