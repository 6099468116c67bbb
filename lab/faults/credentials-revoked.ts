import {reloadWith, restoreConfig} from '../tools/config.ts';
import {page, until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';
import {isRefused} from './login-required.ts';

/** The server's passwords were changed, and nobody has the new ones. */
export const credentialsRevoked: Fault = {
	name: 'credentials-revoked',
	summary:
		'the password of the services is changed on titan-nats: nobody can log in, all connections are closed',
	topology: 'single',
	early: true,
	async break(scene) {
		await reloadWith(scene, 'authorization: {users: [{user: titan, password: another}]}');
		await until('A refused login', () => isRefused(scene.place));
		await until('A server without clients', async () => {
			const {text} = await page(8222, '/connz');
			return (JSON.parse(text) as {num_connections: number}).num_connections === 0;
		});
	},
	mend: restoreConfig,
};
