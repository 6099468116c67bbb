import {spawn} from 'node:child_process';
import {closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import type {Place} from '../place.ts';
import type {Progress} from '../progress.ts';
import {LabError, lastLines, must, which} from '../run.ts';
import {clearLeftovers, ownDaemon} from './leftovers.ts';
import {ensureNetns, enterCommand} from './netns.ts';
import {cachedPackages, ensurePackages, obstacles, type Packages} from './packages.ts';
import {engineAnswers} from './ping.ts';
import {clientPath, daemonPath, treeFiles} from './tree.ts';
import type {Engine} from './types.ts';

const START_MS = 20_000;
const STOP_MS = 25_000;

/** The instance's private engine when it is running, else undefined. */
export async function findPrivate(place: Place): Promise<Engine | undefined> {
	const packages = cachedPackages(place);
	if (!packages || !existsSync(place.socket) || !(await engineAnswers(place.socket))) return undefined;
	return describe(place, packages);
}

/** Why no private engine can be had here, as the middle of a sentence; undefined when one can. */
export function privateObstacle(place: Place): string | undefined {
	const list = obstacles().filter((text) => !(cachedPackages(place) && /apt-get|dpkg-deb/.test(text)));
	return list.length > 0 ? list.join(' and ') : undefined;
}

/**
 * Starts the instance's private engine, fetching its programs first when the cache has none.
 * What a killed daemon of the same instance left behind is cleared first.
 * @throws LabError when it cannot be had here, or does not answer within 20 s (with the end of its log)
 */
export async function startPrivate(place: Place, progress: Progress): Promise<Engine> {
	const packages = await ensurePackages(place, progress);
	const running = ownDaemon(place);
	if (running) {
		if (await engineAnswers(place.socket, 10_000)) return describe(place, packages);
		throw new LabError(
			`The lab's own dockerd (process ${running}) runs but does not answer on ${place.socket}: run "npm run lab -- down", then "up" again.`,
		);
	}
	await clearLeftovers(place, place.netns);
	mkdirSync(place.state, {recursive: true});
	for (const file of ['docker.sock', 'pid']) rmSync(join(place.state, file), {force: true});
	await ensureNetns(place, treeFiles(packages.folder).busybox);
	progress(`starting a private engine (Debian ${packages.suite})`);
	await launch(place, packages);
	return describe(place, packages);
}

async function launch(place: Place, packages: Packages): Promise<void> {
	const files = treeFiles(packages.folder);
	const settings = join(place.state, 'daemon.json');
	// a file of its own: the machine's /etc/docker/daemon.json is about another engine
	writeFileSync(settings, '{}\n');
	const [program = '', ...args] = [
		...enterCommand(place),
		files.dockerd,
		`--config-file=${settings}`,
		`--data-root=${join(place.state, 'root')}`,
		`--exec-root=${join(place.state, 'exec')}`,
		`--pidfile=${join(place.state, 'pid')}`,
		`--host=unix://${place.socket}`,
		`--userland-proxy-path=${files.proxy}`,
		// the plain driver, whatever the machine's init system is: systemd's would want a slice for a parent
		'--exec-opt=native.cgroupdriver=cgroupfs',
		`--cgroup-parent=/jetmedic-lab-${place.name}`,
		// apart from any other engine, should the machine run a containerd that this one would share
		`--containerd-namespace=jetmedic-${place.name}`,
		`--containerd-plugins-namespace=jetmedic-plugins-${place.name}`,
		// Ports go through the userland proxy: the lab leaves the machine's packet filter alone, so two engines cannot fight over it.
		'--iptables=false',
		'--ip6tables=false',
		'--ip-masq=false',
		'--bridge=none',
		'--log-opt=max-size=10m',
		'--log-opt=max-file=2',
		'--shutdown-timeout=8',
	];
	const logFile = join(place.state, 'log');
	const log = openSync(logFile, 'w');
	const path = daemonPath(packages.folder);
	const child = spawn(which(program, path) ?? program, args, {
		detached: true,
		stdio: ['ignore', log, log],
		cwd: '/',
		env: {...process.env, PATH: path},
	});
	closeSync(log);
	let ended: string | undefined;
	child.on('error', (error) => {
		ended = error.message;
	});
	child.on('exit', (code, signal) => {
		ended = `it ended with ${signal ?? code}`;
	});
	child.unref();
	const deadline = Date.now() + START_MS;
	while (!(await engineAnswers(place.socket))) {
		if (ended !== undefined || Date.now() > deadline) {
			const tail = existsSync(logFile) ? lastLines(readFileSync(logFile, 'utf8'), 3) : '';
			throw new LabError(
				`The private engine did not start (${ended ?? `no answer in ${START_MS / 1000} s`}): ${tail}. Its log is ${logFile}.`,
			);
		}
		await sleep(40);
	}
}

/**
 * Starts the instance's private engine again, with all it holds, where it was stopped, killed or frozen; undefined
 * when the instance has none.
 */
export async function revivePrivate(place: Place, progress: Progress): Promise<Engine | undefined> {
	const running = ownDaemon(place);
	if (running) {
		// does nothing to one that is not frozen
		process.kill(running, 'SIGCONT');
	} else if (!existsSync(join(place.state, 'root'))) {
		return undefined;
	}
	return startPrivate(place, progress);
}

/**
 * Stops the instance's private engine and removes everything it held but the cache: containers, volumes, images, log.
 * Also works after the daemon was killed.
 */
export async function stopPrivate(place: Place, progress: Progress): Promise<void> {
	const pid = ownDaemon(place);
	if (pid) {
		progress('stopping the private engine');
		for (const signal of ['SIGCONT', 'SIGTERM'] as const) process.kill(pid, signal);
		const deadline = Date.now() + STOP_MS;
		while (ownDaemon(place) && Date.now() < deadline) await sleep(50);
	}
	await clearLeftovers(place);
	rmSync(place.state, {recursive: true, force: true, maxRetries: 5, retryDelay: 100});
}

async function describe(place: Place, packages: Packages): Promise<Engine> {
	const env = {
		DOCKER_HOST: `unix://${place.socket}`,
		DOCKER_CONFIG: treeFiles(packages.folder).config,
		PATH: clientPath(packages.folder),
	};
	const version = await must(
		'Asking the private engine for its version',
		'docker',
		['version', '-f', '{{.Server.Version}}'],
		{
			env,
		},
	);
	return {kind: 'private', label: `private engine ${version} (Debian ${packages.suite})`, env};
}
