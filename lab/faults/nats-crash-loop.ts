import {containerState} from '../project/docker.ts';
import {restartWith, restoreConfig} from '../tools/config.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** The server cannot start: its configuration has a mistake. */
export const natsCrashLoop: Fault = {
	name: 'nats-crash-loop',
	summary:
		'a mistake in nats.conf: the server ends with code 1 at each start, and is started again and again',
	topology: 'single',
	early: true,
	async break(scene) {
		await restartWith(scene, 'jetstream: {store_dir: /data, max_file_store: plenty}');
		await until(
			'A second restart of titan-nats',
			async () => (await containerState(scene.engine, 'titan-nats')).restarts >= 2,
		);
	},
	mend: restoreConfig,
};
