import type {IncomingMessage, ServerResponse} from 'node:http';
import {describe, expect, it} from 'vitest';
import {isUnanswered, openLockControl} from '../../../source/clients/docker/lock-container.ts';
import {httpServer} from '../server.ts';

const emptyLayer = 'sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef';
const imported = `sha256:${'1'.repeat(64)}`;
const row = {Id: 'a', Names: ['/x'], State: 'created', Image: 'titan/brain', ImageID: 'sha256:1', Labels: {}};
const empty = {RootFS: {Layers: [emptyLayer]}, Config: {Labels: null}};

/** An engine that answers each request by the first that fits: with a body, a status, or not at all; and what it was asked. */
async function engine(...answers: [request: RegExp, answer: object | number | 'nothing'][]) {
	const asked: string[] = [];
	const url = new URL(
		await httpServer(({method, url: path = ''}: IncomingMessage, response: ServerResponse) => {
			const request = `${method} ${decodeURIComponent(path)}`;
			asked.push(request);
			const answer = [...answers, ...usual].find(([fits]) => fits.test(request))?.[1] ?? 404;
			if (answer === 'nothing') {
				return;
			}
			const isStatus = typeof answer === 'number';
			response.writeHead(isStatus ? answer : 200, {'content-type': 'application/json'});
			response.end(
				isStatus
					? answer === 204
						? ''
						: JSON.stringify({message: 'RWLayer of container a is unexpectedly nil'})
					: JSON.stringify(answer),
			);
		}),
	);
	return {
		asked,
		control: (signal?: AbortSignal) =>
			openLockControl({kind: 'tcp', host: url.hostname, port: Number(url.port), describe: url.href}, signal),
	};
}

const usual: [RegExp, object | number][] = [
	[/^POST \/images\/create/, {status: imported}],
	[/^POST \/containers\/create/, {Id: 'c1'}],
	[/^GET \/containers\/json/, []],
	[/^GET \/images\/json/, []],
	[/^DELETE /, 204],
];

/** An engine that lists a container once, answers no other call on it, and then lists `rows`. */
async function leaving(status: number, rows: object[]) {
	let lists = 0;
	const url = new URL(
		await httpServer(({url: path = ''}: IncomingMessage, response: ServerResponse) => {
			const isList = path.includes('/containers/json');
			const isImage = path.includes('/images/');
			response.writeHead(isList || isImage ? 200 : status, {'content-type': 'application/json'});
			response.end(
				JSON.stringify(
					isImage
						? empty
						: isList
							? lists++ === 0
								? [row]
								: rows
							: {message: 'RWLayer of container a is unexpectedly nil'},
				),
			);
		}),
	);
	return openLockControl({kind: 'tcp', host: url.hostname, port: Number(url.port), describe: url.href});
}

describe('a lock container', () => {
	it.each([/^POST \/images\/create/, /^POST \/containers\/create/])(
		'is given up on where the engine does not answer %s',
		async (hangs) => {
			const {control} = await engine([hangs, 'nothing']);
			const failure = await control(AbortSignal.timeout(200))
				.create('x', 'titan', {})
				.catch((error: unknown) => error);
			expect(isUnanswered(failure)).toBe(true);
		},
	);

	it('is made of an empty image of its own, whatever images the project has', async () => {
		const {control, asked} = await engine();
		expect(await control().create('x', 'titan', {})).toBe('c1');
		expect(asked).toEqual([
			expect.stringMatching(
				/^POST \/images\/create\?.*fromSrc=-.*repo=jetmedic-lock|repo=jetmedic-lock.*fromSrc=-/,
			),
			expect.stringMatching(/^POST \/containers\/create/),
		]);
	});

	it('is not made where the engine can not import, and says why', async () => {
		const {control} = await engine([/^POST \/images\/create/, {error: 'no space left on device'}]);
		await expect(control().create('x', 'titan', {})).rejects.toThrow('no space left on device');
		const silent = await engine([/^POST \/images\/create/, {status: 'done'}]);
		await expect(silent.control().create('x', 'titan', {})).rejects.toThrow('an empty image');
	});

	it('leaves no image where the name is taken, nor when it is removed', async () => {
		const images: [RegExp, object] = [
			/^GET \/images\/json/,
			[{Id: imported, RepoTags: ['jetmedic-lock:1', 'other:1']}],
		];
		const taken = await engine([/^POST \/containers\/create/, 409], images);
		expect(await taken.control().create('x', 'titan', {})).toBeUndefined();
		expect(taken.asked.at(-1)).toBe('DELETE /images/jetmedic-lock:1');
		const removed = await engine(images);
		await removed.control().remove('c1');
		expect(removed.asked.filter((one) => one.startsWith('DELETE /images'))).toEqual([
			'DELETE /images/jetmedic-lock:1',
		]);
	});

	it('is removed also where its image can not be', async () => {
		for (const failure of [409, 500]) {
			const {control} = await engine(
				[/^GET \/images\/json/, [{Id: imported, RepoTags: ['jetmedic-lock:1']}]],
				[/^DELETE \/images/, failure],
			);
			await control().remove('c1');
		}
	});

	it.each([
		['was started', {State: 'exited'}, empty, 'it is exited, but a lock is never started'],
		[
			'has files of its image',
			{},
			{...empty, RootFS: {Layers: [emptyLayer, 'sha256:2']}},
			'its image is titan/brain',
		],
		['has other files', {}, {...empty, RootFS: {Layers: ['sha256:2']}}, 'its image is titan/brain'],
		[
			'has labels of its image',
			{},
			{...empty, Config: {Labels: {'io.jetmedic.run': 'r'}}},
			'its image is titan/brain',
		],
		['is of an image that says nothing', {}, {}, 'its image is titan/brain'],
	])('is none where it %s', async (_, changes, image, why) => {
		const {control} = await engine(
			[/^GET \/containers\/json/, [{...row, ...changes}]],
			[/^GET \/images\/sha256/, image],
		);
		const reader = control();
		expect(await reader.find('x')).toBeUndefined();
		expect(await reader.read('x')).toBeUndefined();
		expect(await reader.stranger('x')).toContain(why);
	});

	it('is one where it was never started and its image is empty', async () => {
		const {control} = await engine([/^GET \/containers\/json/, [row]], [/^GET \/images\/sha256/, empty]);
		expect(await control().find('x')).toEqual({id: 'a', labels: {}});
		expect(await control().stranger('x')).toBeUndefined();
		expect(await (await engine()).control().stranger('x')).toBeUndefined();
	});

	it.each([404, 409, 500])(
		'that another one removes meanwhile (%i) is not there, and removed',
		async (status) => {
			const gone = await leaving(status, []);
			expect(await gone.read('x')).toBeUndefined();
			await gone.remove('a');
		},
	);

	it('that stays and fails says so', async () => {
		const stuck = await leaving(500, [row]);
		await expect(stuck.read('x')).rejects.toThrow(/unexpectedly nil/);
		await expect(stuck.remove('a')).rejects.toThrow(/unexpectedly nil/);
	});
});
