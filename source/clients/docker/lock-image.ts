import {randomBytes} from 'node:crypto';
import {Readable} from 'node:stream';
import type Dockerode from 'dockerode';
import * as z from 'zod';
import {readImage, statusCode} from './client.ts';
import {packTar} from './tar.ts';

/** The name of the images that locks are made of; each lock has one of its own, by its tag. */
const repository = 'jetmedic-lock';

/**
The only layer of an image with nothing in it: the digest of an archive of two empty blocks. What is made of such an image
holds no file that somebody else put there, and passes on no label and no volume.
(https://github.com/opencontainers/image-spec/blob/main/config.md, "Layer DiffID")
*/
const emptyLayer = 'sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef';

const maxAnswerBytes = 64 << 10;
const progressSchema = z.object({
	status: z.string().optional().catch(undefined),
	error: z.string().optional().catch(undefined),
});
const taggedSchema = z.object({
	Id: z.string(),
	RepoTags: z.array(z.string()).nullish().catch(undefined),
});

type Options = {abortSignal: AbortSignal};

/**
Makes an empty image on the engine, without any registry: POST /images/create with an empty archive.

@returns Its id. @throws whatever the engine answers, and where it answers nothing of use.
*/
export async function importEmptyImage(docker: Dockerode, options: Options): Promise<string> {
	const tag = randomBytes(6).toString('hex');
	const answer = (await docker.importImage(Readable.from([packTar({})]), {
		repo: repository,
		tag,
		...options,
	})) as unknown as Readable;
	let text = '';
	for await (const chunk of answer) {
		text += String(chunk);
		if (text.length > maxAnswerBytes) {
			answer.destroy();
			break;
		}
	}
	// One JSON object a line; the last one has the id, in Podman without its algorithm. A failure comes with the status 200, too.
	const lines = text.split('\n').flatMap((line) => parsed(line) ?? []);
	const failure = lines.find(({error}) => error !== undefined)?.error;
	const id = lines.findLast(({status}) => /^(sha256:)?[0-9a-f]{64}$/.test(status ?? ''))?.status;
	if (failure !== undefined || id === undefined) {
		throw new Error(failure ?? 'the engine did not create an empty image');
	}
	return id;
}

/** Whether there is nothing in an image: no file, and no label that a container of it would bear. */
export async function isEmptyImage(docker: Dockerode, id: string, options: Options): Promise<boolean> {
	const image = await readImage(docker, id, options);
	const layers = image?.RootFS?.Layers ?? [];
	return (
		layers.length === 1 && layers[0] === emptyLayer && Object.keys(image?.Config?.Labels ?? {}).length === 0
	);
}

/** Removes the images of locks that no container is made of. Never throws: what is left is empty, and the next run removes it. */
export async function removeUnusedImages(docker: Dockerode, options: () => Options): Promise<void> {
	try {
		const rows = await docker.listImages({filters: {reference: [repository]}, ...options()});
		for (const row of rows) {
			const tags = taggedSchema.safeParse(row).data?.RepoTags ?? [];
			for (const tag of tags.filter((one) => one.startsWith(`${repository}:`))) {
				// By its tag: an image that somebody gave another name keeps that one. One that is in use is refused (409).
				await docker.getImage(tag).remove(options()).catch(ignoreRefusal);
			}
		}
	} catch {
		// An engine that does not answer now is asked after the next run.
	}
}

function ignoreRefusal(error: unknown): void {
	if (statusCode(error) !== 409 && statusCode(error) !== 404) {
		throw error;
	}
}

function parsed(line: string): z.infer<typeof progressSchema> | undefined {
	try {
		return progressSchema.parse(JSON.parse(line));
	} catch {
		return undefined;
	}
}
