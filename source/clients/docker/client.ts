import {existsSync} from 'node:fs';
import type {IncomingMessage} from 'node:http';
import type {Readable} from 'node:stream';
import Dockerode from 'dockerode';
import * as z from 'zod';
import type {ContainerFacts, Unread} from '../../state/observation.ts';
import type {ProjectFacts} from '../../state/project.ts';
import {sanitize} from '../../text/sanitize.ts';
import {composeProjectOf} from './compose-project.ts';
import type {DockerEndpoint} from './endpoint.ts';
import {firstLinesOf} from './first-lines.ts';
import {FrameSplitter, LineSplitter} from './frames.ts';
import {logText} from './log-text.ts';
import {isProved} from './made-by-compose.ts';
import type {ComposeProject} from './project-files.ts';
import {
	changesSchema,
	composeServiceOf,
	type EngineEvent,
	eventSchema,
	imageSchema,
	inspectedSchema,
	type Listed,
	listedSchema,
	mountsSchema,
	parsePathStat,
	type Stats,
	serviceOf,
	statsSchema,
	toFacts,
} from './schema.ts';
import {type Choice, type Survey, surveyOf} from './survey.ts';

/** A folder of the engine's host in a container. */
export type Mount = {
	source: string;
	destination: string;
	writable: boolean;
	/** Docker's word: `bind`, `volume`, `tmpfs`. */
	type?: string;
	/** The volume's name. */
	name?: string;
};

export type LogEntry = {
	at: number;
	/** The engine's own time to the nanosecond, of fixed width: sorts as text. */
	stamp: string;
	stderr: boolean;
	text: string;
};

/** What can be read of an engine. It has no call that changes anything. */
export type DockerClient = {
	readonly endpoint: DockerEndpoint;
	/** @throws when the engine can't be reached. */
	version(): Promise<{version: string; apiVersion: string}>;
	/** The containers of the project's services, running or not, one for each service and number: without those of `survey`'s facts. */
	list(project: string): Promise<ContainerFacts[]>;
	/**
	The same, with the services of those that are there and could not be read, and with what else bears the project's name: impostors,
	several for one number, `docker compose run`s, other projects.
	*/
	survey(project: string): Promise<{containers: ContainerFacts[]; unread: Unread[]; facts: ProjectFacts}>;
	/** One container, or undefined once it is gone. */
	inspect(id: string): Promise<ContainerFacts | undefined>;
	/** Where the project's Compose files are: from the configuration, else from the labels of any container that Compose made. */
	composeProject(project: string): Promise<ComposeProject | undefined>;
	/** Which folders of the engine's host a container has mounted; none once it is gone. */
	mounts(id: string): Promise<Mount[]>;
	/** The first lines of a container's log since a time, at most 16 KiB of them; none once it is gone. */
	firstLines(id: string, since: number): Promise<string[]>;
	/** Paths that were added to or changed in a container's own layer, which goes with it; none once it is gone. */
	changedPaths(id: string): Promise<string[]>;
	/** The name of the engine's host, as that host knows itself. */
	hostName(): Promise<string>;
	/** Whether it runs without root, with its networks in a namespace of its own. */
	isRootless(): Promise<boolean>;
	/** Whether a path is a folder in a container, in its layer or on what it has mounted, also while it does not run. */
	isFolder(id: string, path: string): Promise<boolean>;
	/**
	What tells this engine from every other one, whatever its address is: `ID` of GET /info. For an engine without a lasting
	ID (Podman), the name of its host with the address.

	@throws when it does not answer.
	*/
	engineId(): Promise<string>;
	/** One sample, without waiting a second for a second one. */
	stats(id: string): Promise<Stats | undefined>;
	/** Calls back on each container and network event until aborted or the engine ends it; `onOpen` when it is attached. */
	events(onEvent: (event: EngineEvent) => void, onOpen: () => void, signal: AbortSignal): Promise<void>;
	/** Calls back with lines until the container stops or it is aborted. */
	logs(
		id: string,
		options: {tail: number; since?: string},
		onLines: (entries: LogEntry[]) => void,
		signal: AbortSignal,
	): Promise<void>;
};

// An engine that hangs must not hang the console: dockerode's own timeout does not help once the daemon was
// killed (a pending call never settles), an abort signal does.
const callDeadlineMs = 5000;

/**
A dockerode for an endpoint. docker-modem merges DOCKER_HOST and its certificates from the environment under
the options, and so would talk to another engine than the one that was resolved; nothing is left to it.
*/
export function openDockerode(endpoint: DockerEndpoint): Dockerode {
	const hidden = ['DOCKER_HOST', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH'].map(
		(name) => [name, process.env[name]] as const,
	);
	for (const [name] of hidden) {
		delete process.env[name];
	}
	try {
		return new Dockerode(
			endpoint.kind === 'socket'
				? {socketPath: endpoint.path}
				: {
						host: endpoint.host,
						port: endpoint.port,
						protocol: endpoint.tls ? 'https' : 'http',
						...endpoint.tls,
					},
		);
	} finally {
		for (const [name, value] of hidden) {
			if (value !== undefined) {
				process.env[name] = value;
			}
		}
	}
}

/**
Opens a client that can only read. No connection is made before the first call.

@param choice - Which of several projects of one name is meant, and where its Compose files are.
*/
export function openDocker(endpoint: DockerEndpoint, choice: Choice = {}): DockerClient {
	const docker = openDockerode(endpoint);
	const deadline = (): {abortSignal: AbortSignal} => ({abortSignal: AbortSignal.timeout(callDeadlineMs)});
	const imageLabels = readImageLabels(docker, deadline);
	const look = async (project: string): Promise<Survey> => {
		const rows = await docker.listContainers({
			all: true,
			filters: {label: [`com.docker.compose.project=${project}`]},
			...deadline(),
		});
		const listed = rowsOf(rows);
		const images = await imageLabels(listed);
		const seen = surveyOf(listed, images, choice);
		// Folders that the configuration names are the operator's own word.
		if (seen.facts.parts.length < 2 || choice.workingDir !== undefined) {
			return seen;
		}
		const compose = composeProjectOf(project, seen.services, choice);
		return compose === undefined
			? seen
			: surveyOf(listed, images, choice, {
					files: choice.files === undefined ? compose.configFiles : undefined,
					services: await readServices(compose),
					isThere: existsSync,
				});
	};
	const project = (name: string, {services}: Survey): ComposeProject | undefined =>
		composeProjectOf(name, services, choice);
	const facts = async (rows: Listed[]): Promise<ContainerFacts[]> => {
		const containers = (await Promise.all(rows.map(inspectRow))).filter(
			(container) => container !== undefined,
		);
		return withOwnNames(containers);
	};
	/** The containers of these rows, and those that the engine answered about in words that are not understood. */
	const factsAndUnread = async (
		rows: Listed[],
	): Promise<{containers: ContainerFacts[]; unread: Unread[]}> => {
		const unread: Unread[] = [];
		const read = await Promise.all(
			rows.map((row) =>
				inspectRow(row).catch((error: unknown) => {
					// Who is refused as a whole, or gets no answer at all, has read nothing.
					if (!(error instanceof UnreadableContainer) && statusCode(error) === undefined) {
						throw error;
					}
					unread.push({service: composeServiceOf(row.Labels) || row.Id.slice(0, 12), error: words(error)});
					return undefined;
				}),
			),
		);
		return {containers: withOwnNames(read.filter((container) => container !== undefined)), unread};
	};
	// An engine that said the same ID twice says it always.
	let hasLastingId = false;
	// dockerode's types do not know that info takes options.
	const info = (): Promise<{Name?: unknown; ID?: unknown; SecurityOptions?: unknown}> =>
		(docker.info.bind(docker) as unknown as (options: object) => Promise<object>)(deadline());

	const inspect = async (id: string): Promise<ContainerFacts | undefined> => {
		try {
			return readContainer(id, await docker.getContainer(id).inspect(deadline()));
		} catch (error) {
			if (statusCode(error) === 404) {
				return undefined;
			}
			throw error;
		}
	};

	const inspectRow = async ({Id, Labels}: Listed): Promise<ContainerFacts | undefined> => {
		const container = await inspect(Id);
		if (container && container.composeService !== composeServiceOf(Labels)) {
			throw new UnreadableContainer('the engine answered without its labels');
		}
		return container;
	};

	return {
		endpoint,
		inspect,
		async version() {
			// dockerode's types do not know that version takes options.
			const call = docker.version.bind(docker) as unknown as (
				options: object,
			) => Promise<Dockerode.DockerVersion>;
			const version = await call(deadline());
			return {
				version: sanitize(String(version.Version), 40),
				apiVersion: sanitize(String(version.ApiVersion), 20),
			};
		},
		list: async (name) => facts((await look(name)).services),
		async survey(name) {
			const seen = await look(name);
			const compose = project(name, seen);
			const [read, expected] = await Promise.all([
				factsAndUnread(seen.services),
				compose && expectedOf(compose),
			]);
			return {...read, facts: {...seen.facts, ...(expected && {expected})}};
		},
		async mounts(id) {
			try {
				const {Mounts, HostConfig} = mountsSchema.parse(await docker.getContainer(id).inspect(deadline()));
				const inMemory = Object.keys(HostConfig?.Tmpfs ?? {}).map((destination) => ({
					source: '',
					destination,
					writable: true,
					type: 'tmpfs',
				}));
				return [...Mounts, ...inMemory];
			} catch (error) {
				if (statusCode(error) === 404) {
					return [];
				}
				throw error;
			}
		},
		async firstLines(id, since) {
			const container = docker.getContainer(id);
			try {
				const {Config} = inspectedSchema.parse(await container.inspect(deadline()));
				const ended = new AbortController();
				const stream = (await container.logs({
					// Following, it can be cut off; else the engine answers with the whole log at once.
					follow: true,
					stdout: true,
					stderr: true,
					since: Math.floor(since / 1000),
					abortSignal: AbortSignal.any([ended.signal, deadline().abortSignal]),
				})) as unknown as Readable;
				return await firstLinesOf(stream, Config.Tty, () => ended.abort());
			} catch (error) {
				if (statusCode(error) === 404) {
					return [];
				}
				throw error;
			}
		},
		async changedPaths(id) {
			try {
				// dockerode's types do not know that changes takes options.
				const container = docker.getContainer(id) as unknown as {
					changes(options: object): Promise<unknown>;
				};
				return changesSchema.parse(await container.changes(deadline())).map(({Path}) => Path);
			} catch (error) {
				if (statusCode(error) === 404) {
					return [];
				}
				throw error;
			}
		},
		async hostName() {
			return sanitize(String((await info()).Name ?? ''), 200);
		},
		async isRootless() {
			const {SecurityOptions: options} = await info();
			// Each is a list of pairs: `name=seccomp,profile=builtin`.
			return (
				Array.isArray(options) && options.some((one) => String(one).split(',').includes('name=rootless'))
			);
		},
		async isFolder(id, path) {
			try {
				const answer = (await docker.getContainer(id).infoArchive({path, ...deadline()})) as IncomingMessage;
				answer.resume();
				return parsePathStat(answer.headers['x-docker-container-path-stat']);
			} catch (error) {
				if (statusCode(error) === 404) {
					return false;
				}
				throw error;
			}
		},
		async engineId() {
			// Podman makes a new ID for each answer: `ID: uuid.New().String()`.
			// https://github.com/containers/podman/blob/main/pkg/api/handlers/compat/info.go
			const [one, again] = await Promise.all([info(), hasLastingId ? undefined : info()]);
			const id = sanitize(typeof one.ID === 'string' ? one.ID : '', 200).trim();
			if (id !== '' && (again === undefined || id === sanitize(String(again.ID), 200).trim())) {
				hasLastingId = true;
				return id;
			}
			const name = sanitize(String(one.Name ?? ''), 200).trim();
			if (name === '') {
				throw new Error('the engine says neither its ID nor the name of its host');
			}
			return `no ID: ${name}, ${endpoint.describe}`;
		},
		composeProject: async (name) => project(name, await look(name)),
		async stats(id) {
			try {
				// dockerode's types do not know one-shot (API 1.41).
				const options = {stream: false, 'one-shot': true, ...deadline()} as {stream: false};
				return statsSchema.safeParse(await docker.getContainer(id).stats(options)).data;
			} catch (error) {
				if (statusCode(error) === 404) {
					return undefined;
				}
				throw error;
			}
		},
		async events(onEvent, onOpen, signal) {
			const stream = (await docker.getEvents({
				filters: {type: ['container', 'network']},
				abortSignal: signal,
			})) as Readable;
			onOpen();
			const lines = new LineSplitter(1 << 20);
			await drain(stream, signal, (chunk) => {
				for (const line of lines.push(chunk)) {
					const event = parseEvent(line);
					if (event) {
						onEvent(event);
					}
				}
			});
		},
		async logs(id, {tail, since}, onLines, signal) {
			const container = docker.getContainer(id);
			const inspected = inspectedSchema.parse(await container.inspect(deadline()));
			const stream = (await container.logs({
				follow: true,
				stdout: true,
				stderr: true,
				timestamps: true,
				tail,
				// `sec.nanos`; RFC 3339 is answered with 500.
				...(since === undefined ? {} : {since: since as unknown as number}),
				abortSignal: signal,
			})) as unknown as Readable;
			const frames = new FrameSplitter();
			const splitters = {false: new LineSplitter(), true: new LineSplitter()};
			await drain(stream, signal, (chunk) => {
				const parts = inspected.Config.Tty ? [{stderr: false, payload: chunk}] : frames.push(chunk);
				const entries = parts.flatMap(({stderr, payload}) =>
					splitters[`${stderr}`].push(payload).flatMap((line) => parseLogLine(line, stderr)),
				);
				if (entries.length > 0) {
					onLines(entries);
				}
			});
		},
	};
}

/** The engine answers, and what it says of a container is none of what it should be. */
export class UnreadableContainer extends Error {
	override name = 'UnreadableContainer';
}

/** What the engine answered about a container. @throws UnreadableContainer */
function readContainer(id: string, answer: unknown): ContainerFacts {
	const inspected = inspectedSchema.safeParse(answer).data;
	if (inspected === undefined) {
		throw new UnreadableContainer("the engine's answer about it was not understood");
	}
	if (!inspected.Id.startsWith(id)) {
		throw new UnreadableContainer('the engine answered about another container');
	}
	return toFacts(inspected);
}

/** The rows of a list of containers. One that cannot be read may be any of them, so nothing is known without it. */
function rowsOf(answer: unknown): Listed[] {
	const rows = z.array(listedSchema).safeParse(answer).data;
	if (rows === undefined) {
		throw new UnreadableContainer("the engine's list of containers was not understood");
	}
	return rows;
}

const words = (error: unknown): string => sanitize(String((error as Error).message), 200);

/** The HTTP status of an engine's refusal: dockerode's errors all have the name `Error`. */
export const statusCode = (error: unknown): number | undefined =>
	(error as {statusCode?: number} | null)?.statusCode;

/**
Reads the labels of the images that containers were made of, each image once: an image never changes under its id. Of one that
is gone they are undefined.
*/
function readImageLabels(
	docker: Dockerode,
	deadline: () => {abortSignal: AbortSignal},
): (rows: readonly Listed[]) => Promise<Map<string, Record<string, string> | undefined>> {
	const known = new Map<string, Record<string, string> | undefined>();
	return async (rows) => {
		// Nothing hangs on the image of what proves itself.
		const open = rows.filter((row) => !isProved(row));
		const ids = [...new Set(open.map(({ImageID}) => ImageID).filter(Boolean))];
		for (const id of known.keys()) {
			if (!ids.includes(id)) {
				known.delete(id);
			}
		}
		await Promise.all(
			ids
				.filter((id) => !known.has(id))
				.map(async (id) => {
					const image = await readImage(docker, id, deadline()).catch(unlessRefused);
					// One that is gone may come back; it is asked for again.
					if (image) {
						known.set(id, image.Config?.Labels ?? {});
					}
				}),
		);
		return new Map(known);
	};
}

/** A proxy before the engine may not let images be read: then their labels are as unknown as those of one that is gone. */
function unlessRefused(error: unknown): undefined {
	if (![401, 403, 405].includes(statusCode(error) ?? 0)) {
		throw error;
	}
}

/** GET /images/<id>/json; undefined where there is none. Not getImage().inspect(): it takes no abort signal. */
export function readImage(
	docker: Dockerode,
	id: string,
	options: {abortSignal: AbortSignal},
): Promise<z.infer<typeof imageSchema> | undefined> {
	return new Promise((resolve, reject) => {
		docker.modem.dial(
			{
				path: `/images/${encodeURIComponent(id)}/json`,
				method: 'GET',
				...options,
				statusCodes: {200: true, 404: 'no such image', 500: 'server error'},
			},
			(error: unknown, data: unknown) =>
				statusCode(error) === 404
					? resolve(undefined)
					: error
						? reject(error)
						: resolve(imageSchema.safeParse(data).data ?? {Config: undefined, RootFS: undefined}),
		);
	});
}

/** A second replica whose key is another service's name is known as `worker (2)`. */
function withOwnNames(containers: readonly ContainerFacts[]): ContainerFacts[] {
	const names = new Set(containers.map(({composeService}) => composeService));
	return containers.map((container) => {
		const {service, composeService, number} = container;
		return service !== composeService && names.has(service)
			? {...container, service: `${composeService} (${number ?? '?'})`}
			: container;
	});
}

/** All services of the Compose files; undefined where they cannot be read, or must not be. */
async function readServices(project: ComposeProject): Promise<string[] | undefined> {
	try {
		const {readComposition} = await import('./composition.ts');
		return (await readComposition(project)).services;
	} catch {
		return undefined;
	}
}

/**
The services that should have a container; undefined where the Compose file cannot be read, or must not be: a run that needs it
says why. Loaded only here: the parser of YAML costs a start more than all the rest of this file.
*/
async function expectedOf(project: ComposeProject): Promise<string[] | undefined> {
	try {
		const {readComposition} = await import('./composition.ts');
		return (await readComposition(project)).expected;
	} catch {
		return undefined;
	}
}

function parseEvent(line: string): EngineEvent | undefined {
	// The health checks' exec_* events are most of the traffic; they say nothing that health_status does not.
	if (line.trim() === '' || line.includes('"exec_')) {
		return undefined;
	}
	try {
		const event = eventSchema.parse(JSON.parse(line));
		const attributes = event.Actor.Attributes;
		return {
			type: event.Type,
			action: event.Action.split(':')[0]!,
			// Network events carry no Compose labels, only the container's id.
			containerId: event.Type === 'network' ? (attributes['container'] ?? '') : event.Actor.ID,
			service: serviceOf(attributes),
			...(/^\d+$/.test(attributes['exitCode'] ?? '') && {exitCode: Number(attributes['exitCode'])}),
		};
	} catch {
		return undefined;
	}
}

function parseLogLine(line: string, stderr: boolean): LogEntry[] {
	const space = line.indexOf(' ');
	const stamp = line.slice(0, Math.min(space, 40));
	const at = Date.parse(stamp);
	const text = logText(line.slice(space + 1).replace(/\r$/, ''));
	return Number.isFinite(at) && text.trim() !== '' ? [{at, stamp, stderr, text}] : [];
}

/** Reads a stream to its end; an abort ends it without an error. */
function drain(stream: Readable, signal: AbortSignal, onData: (chunk: Buffer) => void): Promise<void> {
	return new Promise((resolve, reject) => {
		const abort = (): void => {
			stream.destroy();
			resolve();
		};
		if (signal.aborted) {
			abort();
			return;
		}
		signal.addEventListener('abort', abort, {once: true});
		const done = (error?: Error): void => {
			signal.removeEventListener('abort', abort);
			stream.destroy();
			if (error && !signal.aborted) {
				reject(error);
			} else {
				resolve();
			}
		};
		stream.on('data', (chunk: Buffer) => {
			try {
				onData(chunk);
			} catch (error) {
				done(error as Error);
			}
		});
		stream.on('end', () => done());
		stream.on('close', () => done());
		stream.on('error', done);
	});
}
