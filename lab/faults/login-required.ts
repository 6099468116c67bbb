import {connectTo} from '../project/stream.ts';
import {serversOf} from '../project/topology.ts';
import {reloadWith, restoreConfig} from '../tools/config.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** The server asks for a login that its services have, and nobody else. */
export const loginRequired: Fault = {
	name: 'login-required',
	summary: 'titan-nats asks for a login: the services have it, everybody else gets authorization violation',
	topology: 'single',
	early: true,
	async break(scene) {
		await reloadWith(scene, 'authorization: {users: [{user: titan, password: lab}]}');
		await until('A refused login', () => isRefused(scene.place));
	},
	mend: restoreConfig,
};

/** Whether the server refuses a client without a login. */
export async function isRefused(place: Parameters<typeof serversOf>[0]): Promise<boolean> {
	const [server] = serversOf(place);
	try {
		await (await connectTo(server!)).close();
		return false;
	} catch (error) {
		return (error as {code?: string}).code === 'AUTHORIZATION_VIOLATION';
	}
}
