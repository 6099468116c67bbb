import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {confFolder, writeConf} from '../project/conf.ts';
import {topologyOf} from '../project/topology.ts';
import {needRunning, restart} from '../tools/containers.ts';
import {page, until} from '../tools/wait.ts';
import type {Fault, Scene} from './fault.ts';

const SERVER = 'titan-nats-3';
const MONITOR = 8224;

/** A server was started with another cluster's name, as after a deployment with a wrong file. */
export const clusterNameDiffers: Fault = {
	name: 'cluster-name-differs',
	summary:
		'titan-nats-3 was started with another cluster name: the others refuse its routes, and it is a cluster of its own',
	topology: 'cluster',
	early: true,
	async break(scene) {
		await needRunning(scene, SERVER);
		const file = join(confFolder(scene.place), 'cluster.conf');
		writeFileSync(file, readFileSync(file, 'utf8').replace(/^\tname: .*$/m, '\tname: other'));
		await restart(scene, SERVER);
		await until('A server of another cluster', async () => (await clusterName()) === 'other');
		// The others have read theirs long ago; whoever is started next finds the right one.
		writeConf(scene.place);
	},
	mend: rename,
};

async function rename(scene: Scene): Promise<void> {
	if (topologyOf(scene.place) !== 'cluster' || (await clusterName()) !== 'other') return;
	await restart(scene, SERVER);
	await until('A server of this cluster', async () => (await clusterName()) === 'titan');
}

async function clusterName(): Promise<string | undefined> {
	try {
		const {text} = await page(MONITOR, '/varz', 2000);
		return (JSON.parse(text) as {cluster?: {name?: string}}).cluster?.name;
	} catch {
		// It is down, or starts.
		return undefined;
	}
}
