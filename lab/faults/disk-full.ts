import {addToConf} from '../project/conf.ts';
import {docker} from '../project/docker.ts';
import {waitJetStream, withNats} from '../project/stream.ts';
import {needRunning, restart} from '../tools/containers.ts';
import {isOnSmallDisk, putOnSmallDisk, releaseDisk} from '../tools/disk.ts';
import {page, until} from '../tools/wait.ts';
import type {Fault, Scene} from './fault.ts';

const SIZE = '48m';
const BYTES = 100_000;

/** The disk of the store has no byte left, and the server has met that. */
export const diskFull: Fault = {
	name: 'disk-full',
	summary: "the disk of the server's store is full (48 MiB): publishers time out, healthz says no space left",
	topology: 'single',
	early: true,
	async break(scene) {
		const {engine, place} = scene;
		await needRunning(scene, 'titan-nats');
		await docker(engine, 'Stopping titan-nats', 'stop', 'titan-nats');
		await putOnSmallDisk(engine, SIZE);
		// else the server would take three quarters of the small disk for its limit, and meet that first
		addToConf(place, 'jetstream: {store_dir: /data, max_file_store: 10G}');
		await docker(engine, 'Starting titan-nats', 'start', 'titan-nats');
		await waitJetStream(place);
		await fillDisk(scene);
		await withNats(place, async (nc) => {
			const js = nc.jetstream({timeout: 1000});
			await until('A server that says that the disk is full', async () => {
				await js.publish('titan.intents.filler', new Uint8Array(BYTES)).catch(() => undefined);
				return /no space left/.test((await page(8222, '/healthz')).text);
			});
		});
	},
	async mend(scene) {
		if (!(await isOnSmallDisk(scene.engine))) return;
		scene.progress("putting the server's data back on the large disk");
		await releaseDisk(scene.engine);
		// its configuration may be restored later; it must not meet the full disk again
		await restart(scene, 'titan-nats');
	},
};

async function fillDisk({engine}: Scene): Promise<void> {
	const fill = 'dd if=/dev/zero of=/data/filler bs=4096 2>/dev/null; true';
	await docker(engine, 'Filling the disk', 'exec', 'titan-nats', 'sh', '-c', fill);
}
