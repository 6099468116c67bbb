import type {IncomingMessage} from 'node:http';
import type Dockerode from 'dockerode';
import * as z from 'zod';
import {sanitize} from '../../text/sanitize.ts';
import {openDockerode, statusCode} from './client.ts';
import type {DockerEndpoint} from './endpoint.ts';
import {importEmptyImage, isEmptyImage, removeUnusedImages} from './lock-image.ts';
import {packTar, unpackTar} from './tar.ts';

/** A container that is only there for its name, its labels and a few small files: it is never started. */
export type LockContainer = {
	id: string;
	labels: Record<string, string>;
	/** Its files by name; none before the first was written. */
	files: Record<string, string>;
	/** How long ago they were written, by the engine's own clock alone; undefined where it does not say. */
	ageMs: number | undefined;
};

/** What can be read of a lock container. It has no call that changes anything. */
export type LockReader = {
	/** The container of this name with its labels alone, or undefined where there is none. @throws when the engine can't be asked. */
	find(name: string): Promise<Pick<LockContainer, 'id' | 'labels'> | undefined>;
	/** The container of this name with its files. @throws when the engine can't be asked. */
	read(name: string): Promise<LockContainer | undefined>;
	/** Why a container that has the name is no lock, in words; undefined where there is none, or a lock. Neither `find` nor `read` answers with such a one. */
	stranger(name: string): Promise<string | undefined>;
};

/** What makes and feeds one. Made only where a run is under way: never with --read-only. */
export type LockControl = LockReader & {
	/**
	Makes the container, of an empty image of its own.

	@returns Its id, or undefined where there is one of that name: of all who ask at once, the engine serves one.
	@throws when the engine can't or won't make one; see `isUnanswered`.
	*/
	create(name: string, project: string, labels: Record<string, string>): Promise<string | undefined>;
	/** PUT /containers/<id>/archive. @throws when they can't be written; with status code 404 when it is gone. */
	write(id: string, files: Record<string, string>): Promise<void>;
	/** Writes a few bytes beside the files, which stay as old as they are. @throws as `write` does. */
	probe(id: string): Promise<void>;
	/** Removes it with its volumes. One that is gone is success. */
	remove(id: string): Promise<void>;
};

const folder = 'jetmedic';
const deadlineMs = 5000;
// A loaded engine makes a container late; one that is given up on may be made all the same.
const createMs = 10_000;
const maxArchiveBytes = 16 << 20;

const rowSchema = z.object({
	Id: z.string(),
	Names: z.array(z.string()).catch([]),
	State: z.string().catch(''),
	Image: z.string().catch(''),
	ImageID: z.string().catch(''),
	Labels: z.record(z.string(), z.string()).nullish().catch(undefined),
});
const statSchema = z.object({mtime: z.string()});

/** The options of one call: its deadline, in milliseconds. */
type Within = (ms?: number) => {abortSignal: AbortSignal};

const within: Within = (ms = deadlineMs) => ({abortSignal: AbortSignal.timeout(ms)});

/** Opens a client that can only read. */
export const openLockReader = (endpoint: DockerEndpoint): LockReader =>
	readerOf(openDockerode(endpoint), within);

/**
Opens a client that can make and remove lock containers.

@param signal - Ends every call; each has a deadline of its own besides.
*/
export function openLockControl(endpoint: DockerEndpoint, signal?: AbortSignal): LockControl {
	const docker = openDockerode(endpoint);
	const deadline: Within = (ms) => ({
		abortSignal: AbortSignal.any([...(signal ? [signal] : []), within(ms).abortSignal]),
	});
	const empty = new Map<string, boolean>();
	const reader = readerOf(docker, deadline, empty);
	const make = async (
		name: string,
		image: string,
		labels: Record<string, string>,
	): Promise<string | undefined> => {
		try {
			const {id} = await docker.createContainer({
				name,
				Image: image,
				// Never started; but the image names no command, and the engine wants one.
				Cmd: ['jetmedic-lock'],
				Labels: labels,
				HostConfig: {NetworkMode: 'none', LogConfig: {Type: 'none', Config: {}}},
				...deadline(createMs),
			});
			return id;
		} catch (error) {
			// 409; Podman answers 500 (docs/facts.md).
			if (statusCode(error) === 409 || (await rowOf(docker, name, deadline).catch(() => undefined))) {
				return undefined;
			}
			throw error;
		}
	};
	const put = async (id: string, files: Record<string, string>): Promise<void> => {
		await docker.getContainer(id).putArchive(packTar(files), {path: '/', ...deadline()});
	};
	return {
		...reader,
		async create(name, project, labels) {
			const whose = {'io.jetmedic.project': project, ...labels};
			const attempt = async (): Promise<string | undefined> => {
				const image = await importEmptyImage(docker, deadline(createMs));
				empty.set(image, true);
				return make(name, image, whose);
			};
			let id: string | undefined;
			try {
				// Another run that ends removes images that no container is made of yet (404).
				id = await attempt().catch((error: unknown) =>
					statusCode(error) === 404 ? attempt() : Promise.reject(error),
				);
			} finally {
				if (id === undefined) {
					await removeUnusedImages(docker, deadline);
				}
			}
			return id;
		},
		async write(id, files) {
			const named = Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]);
			await put(id, Object.fromEntries(named));
		},
		probe: (id) => put(id, {[`${folder}-probe/probe`]: 'x'}),
		async remove(id) {
			try {
				await docker.getContainer(id).remove({force: true, v: true, ...deadline()});
				await removeUnusedImages(docker, deadline);
			} catch (error) {
				// Somebody else removed it, or is about to (409); of two at once one may get 500 ("RWLayer … is unexpectedly nil").
				if (statusCode(error) === 404 || statusCode(error) === 409) {
					return;
				}
				const rows = await list(docker, {id: [id]}, deadline);
				if (rows.some(({State}) => !isLeaving(State))) {
					throw error;
				}
			}
		},
	};
}

const isLeaving = (state: string): boolean => state === 'removing' || state === 'dead';

/** Whether a call was given up on: what it asked for may still be done. */
export const isUnanswered = (error: unknown): boolean =>
	['AbortError', 'TimeoutError'].includes((error as Error).name);

/** @param empty - Whether there is nothing in an image, by its id, under which it never changes. */
function readerOf(docker: Dockerode, deadline: Within, empty = new Map<string, boolean>()): LockReader {
	/** Why it is no lock. A lock is never started, and nobody else's file is in it: its image is empty. */
	const strangeness = async ({State, ImageID, Image}: Row): Promise<string | undefined> => {
		// Podman calls it `configured` or `initialized`, too, before it runs.
		if (!/^(created|configured|initialized|)$/.test(State)) {
			return `it is ${sanitize(State, 30)}, but a lock is never started`;
		}
		if (!empty.has(ImageID)) {
			empty.set(ImageID, await isEmptyImage(docker, ImageID, deadline()));
		}
		return empty.get(ImageID)
			? undefined
			: `its image is ${sanitize(Image, 100)}, but the image of a lock is empty`;
	};
	const find: LockReader['find'] = async (name) => {
		const row = await rowOf(docker, name, deadline);
		return row && (await strangeness(row)) === undefined ? {id: row.Id, labels: row.Labels ?? {}} : undefined;
	};
	return {
		find,
		async stranger(name) {
			const row = await rowOf(docker, name, deadline);
			return row && strangeness(row);
		},
		async read(name) {
			const found = await find(name);
			if (!found) {
				return undefined;
			}
			let failure: unknown;
			try {
				return {...found, ...(await readFiles(docker.getContainer(found.id), deadline))};
			} catch (error) {
				failure = error;
			}
			// One that is being removed meanwhile answers 404, 409 or 500 ("RWLayer … is unexpectedly nil").
			if ((await find(name))?.id !== found.id) {
				return undefined;
			}
			if (statusCode(failure) !== 404 && statusCode(failure) !== 409) {
				throw failure;
			}
			// Nothing was written yet.
			return {...found, files: {}, ageMs: undefined};
		},
	};
}

type Row = z.infer<typeof rowSchema>;

async function rowOf(docker: Dockerode, name: string, deadline: Within): Promise<Row | undefined> {
	const rows = await list(docker, {name: [`^/?${name}$`]}, deadline);
	// One that is being removed holds its name still, and nothing else.
	return rows.find(
		({Names, State}) => !isLeaving(State) && Names.some((one) => one.replace(/^\//, '') === name),
	);
}

async function list(docker: Dockerode, filters: Record<string, string[]>, deadline: Within): Promise<Row[]> {
	const rows = await docker.listContainers({all: true, filters, ...deadline()});
	return rows.flatMap((row) => rowSchema.safeParse(row).data ?? []);
}

/**
The files, and their age: the engine says when the folder was last written to and what time it is, both by its own
clock. (https://docs.docker.com/reference/api/engine/, "Get an archive of a filesystem resource in a container")
*/
async function readFiles(
	container: Dockerode.Container,
	deadline: Within,
): Promise<Pick<LockContainer, 'files' | 'ageMs'>> {
	const answer = (await container.getArchive({path: `/${folder}`, ...deadline()})) as IncomingMessage;
	const chunks: Buffer[] = [];
	let bytes = 0;
	for await (const chunk of answer) {
		chunks.push(chunk as Buffer);
		bytes += (chunk as Buffer).length;
		if (bytes > maxArchiveBytes) {
			answer.destroy();
			break;
		}
	}
	const files = Object.entries(unpackTar(Buffer.concat(chunks))).map(([path, text]) => [
		path.replace(/^.*\//, ''),
		text,
	]);
	return {files: Object.fromEntries(files), ageMs: ageOf(answer.headers)};
}

function ageOf(headers: IncomingMessage['headers']): number | undefined {
	try {
		const stat = String(headers['x-docker-container-path-stat']);
		const {mtime} = statSchema.parse(JSON.parse(Buffer.from(stat, 'base64').toString()));
		const ageMs = Date.parse(String(headers.date)) - Date.parse(mtime);
		return Number.isFinite(ageMs) ? Math.max(0, ageMs) : undefined;
	} catch {
		return undefined;
	}
}
