import {existsSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {LabError} from './run.ts';

/** Which lab is meant. Without a name: JETMEDIC_LAB_NAME, else `default`. */
export type LabOptions = {name?: string | undefined; isolated?: boolean | undefined};

/** The folders and files of one lab instance. */
export type Place = {
	name: string;
	/** The engine runs in a network namespace of its own, so that its fixed ports clash with nothing. */
	isolated: boolean;
	/** Unpacked packages, shared by all instances. */
	cache: string;
	/** The parent of all instances' state folders. */
	base: string;
	/** This instance's engine: socket, data, log. */
	state: string;
	socket: string;
	/** The bind-mounted network namespace of an isolated instance. */
	netns: string;
};

/** The Compose project's name; the services' names start with it. */
export const PROJECT = 'titan';

/** The project folder (where package.json is). */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The compose file of the lab; for a cluster another one lies over it. */
export const COMPOSE_FILE = fileURLToPath(new URL('docker-compose.prod.yml', import.meta.url));

/** The longest socket the engine makes below its state folder; the kernel allows 107 characters in all. */
const LONGEST_SOCKET = 'exec/containerd/containerd-debug.sock';

/**
 * Works out the folders of a lab instance from the options and the environment
 * (JETMEDIC_LAB_NAME, JETMEDIC_LAB_CACHE, JETMEDIC_LAB_STATE, XDG_CACHE_HOME, XDG_STATE_HOME).
 * @throws LabError when the name is unusable or the state folder's path is too long for a unix socket
 */
export function placeOf(options: LabOptions = {}, env: NodeJS.ProcessEnv = process.env): Place {
	const name = options.name ?? env['JETMEDIC_LAB_NAME'] ?? 'default';
	if (!/^[a-z0-9][a-z0-9-]{0,23}$/.test(name)) {
		throw new LabError(
			`"${name}" cannot name a lab: use 1 to 24 lower-case letters, digits and dashes, for example "test".`,
		);
	}
	const home = homedir();
	const cache = join(
		env['JETMEDIC_LAB_CACHE'] || env['XDG_CACHE_HOME'] || join(home, '.cache'),
		'jetmedic-lab',
	);
	const base = join(
		env['JETMEDIC_LAB_STATE'] || env['XDG_STATE_HOME'] || join(home, '.local', 'state'),
		'jetmedic-lab',
	);
	const state = join(base, name);
	if (join(state, LONGEST_SOCKET).length >= 100) {
		throw new LabError(
			`The state folder ${state} is too long for the engine's unix sockets: set JETMEDIC_LAB_STATE to a shorter folder.`,
		);
	}
	const netns = join(state, 'netns');
	return {
		name,
		isolated: options.isolated ?? existsSync(netns),
		cache,
		base,
		state,
		socket: join(state, 'docker.sock'),
		netns,
	};
}
