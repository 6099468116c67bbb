import {addToConf, confSays} from '../project/conf.ts';
import {docker} from '../project/docker.ts';
import {waitJetStream, withNats} from '../project/stream.ts';
import {restoreConfig} from '../tools/config.ts';
import {needRunning} from '../tools/containers.ts';
import {damage} from '../tools/data.ts';
import {fillStream} from '../tools/fill.ts';
import {EXTRA, refusal} from '../tools/stream.ts';
import {until} from '../tools/wait.ts';
import type {Fault} from './fault.ts';

const RESOURCES_EXCEEDED = 10002;
/** An account of its own for everybody: the one that servers have without a configuration can't be limited. */
const ACCOUNT = `
accounts {
	TITAN {
		jetstream {max_file: 80M}
		users: [{user: titan, password: lab}, {user: anybody, password: any}]
	}
}
no_auth_user: anybody`;

/** The account's share of the store is used up, and the stream of the services is not full. */
export const accountFull: Fault = {
	name: 'account-full',
	summary: 'another stream uses up what the account may store (80 MiB): TITAN_INTENTS refuses with 10002',
	topology: 'single',
	early: true,
	async break(scene) {
		await needRunning(scene, 'titan-nats');
		await docker(scene.engine, 'Stopping titan-nats', 'stop', 'titan-nats');
		await damage(scene, "mv '$G' TITAN", '/data/jetstream');
		addToConf(scene.place, ACCOUNT);
		await docker(scene.engine, 'Starting titan-nats', 'start', 'titan-nats');
		await waitJetStream(scene.place);
		await withNats(scene.place, async (nc, jsm) => {
			await jsm.streams.add({name: `${EXTRA}ARCHIVE`, subjects: ['lab.archive']});
			await fillStream(nc, 'lab.archive', RESOURCES_EXCEEDED);
			await until(
				'A refusal for the account',
				async () => (await refusal(nc, 'titan.intents.filler', 1)) === RESOURCES_EXCEEDED,
			);
		});
	},
	async mend(scene) {
		if (!confSays(scene.place, 'TITAN')) return;
		scene.progress("giving the streams back to the servers' own account");
		await docker(scene.engine, 'Stopping titan-nats', 'stop', '-t', '1', 'titan-nats');
		await damage(scene, "test ! -d TITAN || { rm -rf '$G' && mv TITAN '$G'; }", '/data/jetstream');
		await restoreConfig(scene);
		await docker(scene.engine, 'Starting titan-nats', 'start', 'titan-nats');
	},
};
