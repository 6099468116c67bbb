import {existsSync, readdirSync, readFileSync, rmdirSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import type {Place} from '../place.ts';
import {run} from '../run.ts';

/** The process id of this instance's dockerd, or undefined. A zombie, or another program with a recycled id, does not count. */
export function ownDaemon(place: Place): number | undefined {
	const pid = Number.parseInt(readText(join(place.state, 'pid')), 10);
	if (!pid || !readText(`/proc/${pid}/cmdline`).includes(`--data-root=${place.state}/`)) return undefined;
	return /^State:\s[ZX]/m.test(readText(`/proc/${pid}/status`)) ? undefined : pid;
}

/**
 * Clears what a dead daemon of this instance left on the machine: its containers' processes, containerd and shims,
 * mounts below its folder, bridges and control groups. Touches nothing that belongs to another engine.
 * @param kept a mount that stays: whoever is in the instance's network namespace must find it as it was
 */
export async function clearLeftovers(place: Place, kept?: string): Promise<void> {
	if (!existsSync(place.state)) return;
	const containers = names(join(place.state, 'root', 'containers'));
	const bridges = bridgesOf(place);
	for (const signal of ['SIGTERM', 'SIGKILL', 'SIGKILL'] as const) {
		const pids = processesOf(place, containers);
		if (pids.length === 0) break;
		for (const pid of pids) kill(pid, signal);
		const deadline = Date.now() + 1500;
		while (processesOf(place, containers).length > 0 && Date.now() < deadline) await sleep(50);
	}
	const mounts = readText('/proc/self/mountinfo')
		.split('\n')
		.map((line) => (line.split(' ')[4] ?? '').replaceAll('\\040', ' '))
		.filter((point) => point.startsWith(`${place.state}/`) && point !== kept);
	for (const point of mounts.reverse()) await run('umount', ['--lazy', point]);
	if (!place.isolated) {
		for (const bridge of bridges)
			if (existsSync(`/sys/class/net/${bridge}`)) await run('ip', ['link', 'delete', bridge]);
	}
	removeGroups(place);
}

/** Processes that name a file below the state folder in their command line, and all that run in its containers. */
function processesOf(place: Place, containers: readonly string[]): number[] {
	const own = new Set([process.pid, process.ppid]);
	return names('/proc')
		.map(Number)
		.filter((pid) => pid > 1 && !own.has(pid))
		.filter((pid) => {
			const [program = '', ...args] = readText(`/proc/${pid}/cmdline`).split('\0');
			const daemon = /(^|\/)(dockerd|containerd|containerd-shim[\w-]*|docker-proxy)$/.test(program);
			if (daemon && args.some((arg) => arg.includes(`${place.state}/`))) return true;
			const group = containers.length > 0 ? readText(`/proc/${pid}/cgroup`) : '';
			return containers.some((id) => group.includes(id));
		});
}

/** The bridges of this engine's networks, from the ids in its own database. */
function bridgesOf(place: Place): string[] {
	const database = join(place.state, 'root', 'network', 'files', 'local-kv.db');
	return [...new Set(readText(database, 'latin1').match(/br-[0-9a-f]{12}/g) ?? [])];
}

/** Removes the instance's empty control groups; one still in use refuses, and that is right. */
function removeGroups(place: Place): void {
	const top = '/sys/fs/cgroup';
	for (const root of [top, ...names(top).map((name) => join(top, name))]) {
		const parent = join(root, `jetmedic-lab-${place.name}`);
		for (const folder of [...names(parent).map((name) => join(parent, name)), parent]) {
			try {
				rmdirSync(folder);
			} catch {
				// a file of the group, or not there
			}
		}
	}
}

function names(folder: string): string[] {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}

function readText(file: string, encoding: BufferEncoding = 'utf8'): string {
	try {
		return readFileSync(file, encoding);
	} catch {
		return '';
	}
}

function kill(pid: number, signal: NodeJS.Signals): void {
	try {
		process.kill(pid, signal);
	} catch {
		// it ended by itself meanwhile
	}
}
