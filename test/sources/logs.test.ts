import {describe, expect, it} from 'vitest';
import type {DockerClient, LogEntry} from '../../source/clients/docker/client.ts';
import {watchLogs} from '../../source/sources/logs.ts';
import type {Observation} from '../../source/state/observation.ts';
import {until} from '../until.ts';

const second = Date.UTC(2026, 10, 23, 19, 0, 0);
const entry = (nano: number, stderr = false): LogEntry => ({
	at: second,
	stamp: `2026-11-23T19:00:00.${String(nano).padStart(9, '0')}Z`,
	stderr,
	text: `line ${nano}`,
});

/** A client whose attachments answer these batches, one after the other, and then hang until aborted. */
function scripted(...attachments: LogEntry[][][]) {
	const asked: {tail: number; since?: string}[] = [];
	const client = {
		async logs(_id, options, onLines, signal) {
			asked.push(options);
			const batches = attachments.shift();
			if (batches === undefined) {
				await new Promise((resolve) => signal.addEventListener('abort', resolve, {once: true}));
			}
			for (const batch of batches ?? []) {
				onLines(batch);
			}
		},
	} as Partial<DockerClient> as DockerClient;
	return {client, asked};
}

async function follow(attachments: LogEntry[][][], signatures: string[] = []) {
	const {client, asked} = scripted(...attachments);
	const seen: Observation[] = [];
	const aborter = new AbortController();
	const options = {service: 'a', tail: 50, signatures};
	const container = () => ({id: 'x', running: true});
	const ended = watchLogs(
		client,
		options,
		container,
		(observation) => seen.push(observation),
		aborter.signal,
	);
	await until('every attachment was read', () => asked.length > attachments.length);
	aborter.abort();
	await ended;
	const lines = seen.flatMap((observation) => (observation.kind === 'log' ? observation.lines : []));
	return {asked, lines, texts: lines.map(({text}) => text)};
}

describe('watchLogs', () => {
	it('asks for what came after the newest line, and drops what comes twice', async () => {
		const {asked, texts} = await follow([[[entry(1), entry(2)]], [[entry(2), entry(3)]]]);
		expect(texts).toEqual(['line 1', 'line 2', 'line 3']);
		expect(asked[0]).toEqual({tail: 50});
		expect(asked[1]).toEqual({tail: 1000, since: `${second / 1000}.000000002`});
	});

	it('neither loses nor repeats lines of stdout and stderr that crossed', async () => {
		const {texts} = await follow([[[entry(1)], [entry(5, true)], [entry(4)]], [[entry(5, true), entry(6)]]]);
		expect(texts).toEqual(['line 1', 'line 5', 'line 4', 'line 6']);
	});

	it('keeps the newest of more than anybody can read', async () => {
		const flood = Array.from({length: 2500}, (_, index) => entry(index + 1));
		const {texts} = await follow([[flood]]);
		expect(texts).toHaveLength(1000);
		expect(texts.at(-1)).toBe('line 2500');
	});

	it('finds signatures in any case', async () => {
		const {lines} = await follow(
			[[[{...entry(1), text: 'dial: Connection Refused'}, entry(2)]]],
			['connection refused', 'timeout'],
		);
		expect(lines.map(({matches}) => matches)).toEqual([['connection refused'], []]);
	});
});
