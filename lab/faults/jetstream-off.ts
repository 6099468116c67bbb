import {withNats} from '../project/stream.ts';
import {restartWith, restoreConfig} from '../tools/config.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** The server runs without JetStream. */
export const jetstreamOff: Fault = {
	name: 'jetstream-off',
	summary: 'titan-nats runs without JetStream: healthz says ok, every question gets no responders',
	topology: 'single',
	early: true,
	async break(scene) {
		await restartWith(scene, 'jetstream: disabled');
		await until('A server without JetStream', () =>
			withNats(scene.place, (nc) => nc.request('$JS.API.INFO', '', {timeout: 1000})).then(
				() => false,
				(error: {code?: string}) => error.code === '503',
			),
		);
	},
	mend: restoreConfig,
};
