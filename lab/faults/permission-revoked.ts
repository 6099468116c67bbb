import {withNats} from '../project/stream.ts';
import {restartWith, restoreConfig} from '../tools/config.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

/** Everybody may come in, and only the services may ask JetStream anything. */
export const permissionRevoked: Fault = {
	name: 'permission-revoked',
	summary:
		'without a login nothing may be published to $JS.API.>: connecting works, every question is refused',
	topology: 'single',
	early: true,
	async break(scene) {
		await restartWith(
			scene,
			`authorization: {users: [
				{user: titan, password: lab}
				{user: anybody, password: any, permissions: {publish: {deny: ["$JS.API.>"]}}}
			]}
			no_auth_user: anybody`,
		);
		await until('A refused question', () =>
			withNats(scene.place, (_nc, jsm) => jsm.getAccountInfo()).then(
				() => false,
				(error: {code?: string; message: string}) =>
					/permissions|timeout/i.test(`${error.code} ${error.message}`),
			),
		);
	},
	mend: restoreConfig,
};
