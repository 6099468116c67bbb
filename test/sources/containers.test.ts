import {expect, test, vi} from 'vitest';
import type {DockerClient} from '../../source/clients/docker/client.ts';
import type {EngineEvent} from '../../source/clients/docker/schema.ts';
import {watchContainers} from '../../source/sources/containers.ts';
import {plainProject} from '../../source/state/project.ts';

test('a thousand starts of other projects while a list is read are one more list', async () => {
	let surveys = 0;
	let answer = (): void => {};
	let tell: (event: EngineEvent) => void = () => {};
	const client = {
		endpoint: {kind: 'socket', path: '/x', describe: 'unix:///x'},
		engineId: async () => 'ENGINE',
		version: async () => ({version: '28', apiVersion: '1.48'}),
		survey: async () => {
			surveys++;
			await new Promise<void>((resolve) => {
				answer = resolve;
			});
			return {containers: [], unread: [], facts: plainProject};
		},
		events: async (onEvent: typeof tell, onOpen: () => void, signal: AbortSignal) => {
			tell = onEvent;
			onOpen();
			await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), {once: true}));
		},
	} as unknown as DockerClient;
	const ended = new AbortController();
	const emit = vi.fn();
	const watched = watchContainers(client, 'titan', emit, ended.signal);
	await vi.waitFor(() => expect(surveys).toBe(1));
	for (let count = 0; count < 1000; count++) {
		tell({type: 'container', action: 'start', containerId: `other-${count}`, service: 'x'});
	}
	answer();
	await vi.waitFor(() => expect(surveys).toBe(2));
	answer();
	// One that comes after the list began is seen by the next.
	await vi.waitFor(() => expect(emit.mock.calls.filter(([{kind}]) => kind === 'containers')).toHaveLength(2));
	expect(surveys).toBe(2);
	tell({type: 'container', action: 'start', containerId: 'late', service: 'x'});
	await vi.waitFor(() => expect(surveys).toBe(3));
	answer();
	ended.abort();
	await watched;
});
