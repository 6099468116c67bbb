import type {LockContainer, LockControl} from '../../source/clients/docker/lock-container.ts';

/** An engine's lock containers in memory, of one name; what is overridden fails as a real engine can. */
export function fakeControl(overrides: (real: LockControl) => Partial<LockControl> = () => ({})) {
	const state = {
		container: undefined as LockContainer | undefined,
		stranger: undefined as string | undefined,
		made: 0,
	};
	const gone = () => Object.assign(new Error('no such container'), {statusCode: 404});
	const real: LockControl = {
		find: async () => state.container,
		read: async () => state.container,
		stranger: async () => state.stranger,
		async create(_name, _project, labels) {
			if (state.container) {
				return undefined;
			}
			const id = `c${++state.made}`;
			state.container = {id, labels, files: {}, ageMs: undefined};
			return id;
		},
		async write(id, files) {
			if (state.container?.id !== id) {
				throw gone();
			}
			Object.assign(state.container.files, files);
		},
		async probe() {},
		async remove(id) {
			if (state.container?.id === id) {
				state.container = undefined;
			}
		},
	};
	return {state, control: {...real, ...overrides(real)}};
}

/** What a call rejects with that was given up on. (docker-modem passes on what node:http says) */
export const unanswered = (): Error =>
	Object.assign(new Error('The operation was aborted'), {name: 'AbortError', code: 'ABORT_ERR'});
