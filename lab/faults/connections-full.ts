import {connectTo} from '../project/stream.ts';
import {serversOf} from '../project/topology.ts';
import {reloadWith, restoreConfig} from '../tools/config.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** As many as the services need. */
const MOST = 4;

/** The server has all the connections that it takes. */
export const connectionsFull: Fault = {
	name: 'connections-full',
	summary: 'max_connections is 4, and the services have them: anybody else gets maximum connections exceeded',
	topology: 'single',
	early: true,
	async break(scene) {
		await reloadWith(scene, `max_connections: ${MOST}`);
		const [server] = serversOf(scene.place);
		await until('A refused connection', () =>
			connectTo(server!).then(
				async (nc) => {
					await nc.close();
					return false;
				},
				(error: Error) => /maximum connections/i.test(error.message),
			),
		);
	},
	mend: restoreConfig,
};
