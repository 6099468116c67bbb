// What the tests on a cluster of three share: its configuration, its containers, jetmedic as a program.
import {fileURLToPath} from 'node:url';
import {afterEach, beforeEach} from 'vitest';
import {mend} from '../../lab/lab.ts';
import {SERVERS} from '../../lab/project/topology.ts';
import {loadConfig} from '../../source/config/load.ts';
import type {Config} from '../../source/config/schema.ts';
import {tempFolder} from '../config/temp.ts';
import {container, docker, jetmedic} from '../integration/scene.ts';
import {until} from '../until.ts';

const file = fileURLToPath(new URL('../../lab/cluster.yaml', import.meta.url));
export const servers = SERVERS.map(({name}) => name);
export const serverUrls = SERVERS.map(({port}) => `127.0.0.1:${port}`);
export type Server = (typeof servers)[number];

if (!process.env['NATS_URL']?.includes(',')) {
	throw new Error(
		'This test needs a lab that is a cluster: npm run lab -- up --cluster --name test-cluster --isolated, then ' +
			'npm run lab -- exec --name test-cluster --isolated -- npx vitest run --project cluster.',
	);
}

/** jetmedic with the configuration of the cluster. */
export const onCluster = (state: string, ...args: string[]) => jetmedic([...args, '--config', file], {state});

type Report = {
	status: string;
	findings: {
		id: string;
		severity: string;
		title: string;
		evidence: string;
		runbook?: string;
		cause?: string;
	}[];
	// biome-ignore lint/suspicious/noExplicitAny: the state is looked at by the tests where they need it
	state: any;
};

/** The same configuration, with records of its own. */
export async function config(): Promise<Config> {
	const cwd = await tempFolder();
	return (await loadConfig({path: file, cwd, env: {...process.env, HOME: cwd}, flags: {stateDir: cwd}}))
		.config;
}

/** One look. */
export async function check(): Promise<Report & {code: number | null}> {
	const {stdout, code} = await onCluster(await tempFolder(), 'check', '--json').ended();
	return {...JSON.parse(stdout), code};
}

/** Waits until a look has a finding. */
export const finding = (id: string, withinMs = 30_000) =>
	until(id, async () => (await check()).findings.find((one) => one.id === id), withinMs, 200);

/** When each server was started. */
export async function startTimes(): Promise<Record<Server, string>> {
	const states = await Promise.all(servers.map((name) => container(name)));
	return Object.fromEntries(servers.map((name, index) => [name, states[index]!.State.StartedAt])) as never;
}

export const stop = (name: Server) => docker.getContainer(name).stop({t: 5});

const monitorOf = (name: Server): string =>
	`http://127.0.0.1:${SERVERS.find((one) => one.name === name)!.monitor}`;

/** Whether a server is well by its own word, at this moment. */
export const isWell = (name: Server): Promise<boolean> =>
	fetch(`${monitorOf(name)}/healthz`, {signal: AbortSignal.timeout(2000)}).then(
		({ok}) => ok,
		() => false,
	);

/** Whether a server answers at all. */
export const answers = (name: Server): Promise<boolean> =>
	fetch(`${monitorOf(name)}/healthz`, {signal: AbortSignal.timeout(2000)}).then(
		() => true,
		() => false,
	);

/** The server that leads the cluster. */
export async function metaLeader(): Promise<string | undefined> {
	const answer = await fetch(`${monitorOf('titan-nats')}/jsz`, {signal: AbortSignal.timeout(2000)});
	const {meta_cluster: meta} = (await answer.json()) as {meta_cluster?: {leader?: string}};
	return meta?.leader;
}

/** Every test of a file begins and ends with a healthy cluster. */
export function useCluster(): void {
	beforeEach(() => mend(), 120_000);
	afterEach(() => mend(), 120_000);
}
