import {chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {delimiter, join} from 'node:path';
import {LabError, lastLines, run} from '../run.ts';

/** Where the programs of an unpacked tree are. */
export const treeFiles = (folder: string) => ({
	dockerd: join(folder, 'x/usr/sbin/dockerd'),
	proxy: join(folder, 'x/usr/sbin/docker-proxy'),
	nats: join(folder, 'x/usr/sbin/nats-server'),
	busybox: join(folder, 'x/bin/busybox'),
	config: join(folder, 'config'),
});

/** The search path for people and tests: the docker client alone, in front of the given PATH. */
export function clientPath(folder: string, path = process.env['PATH'] ?? ''): string {
	const own = join(folder, 'bin');
	return [own, ...path.split(delimiter).filter((part) => part !== own && part !== '')].join(delimiter);
}

/** The search path for the daemon: its helpers first, the machine's own iptables before the unpacked one. */
export function daemonPath(folder: string, path = process.env['PATH'] ?? ''): string {
	const own = ['x/usr/sbin', 'x/usr/bin', 'x/sbin'].map((part) => join(folder, part));
	return [join(folder, 'wrap'), ...own, path, '/usr/sbin', '/sbin'].join(delimiter);
}

/**
 * Adds to a freshly unpacked tree what the packages' install scripts would have done:
 * the client and its plugins in one place, the init binary, and wrappers so that iptables finds its libraries.
 * Everything is relative, because the folder is renamed afterwards.
 */
export function finishTree(folder: string): void {
	for (const part of ['bin', 'wrap', 'config/cli-plugins']) mkdirSync(join(folder, part), {recursive: true});
	symlinkSync('../x/usr/bin/docker', join(folder, 'bin/docker'));
	const plugins = ['usr/libexec/docker/cli-plugins', 'usr/lib/docker/cli-plugins'].find((part) =>
		existsSync(join(folder, 'x', part)),
	);
	for (const name of plugins ? readdirSync(join(folder, 'x', plugins)) : []) {
		symlinkSync(`../../x/${plugins}/${name}`, join(folder, 'config/cli-plugins', name));
	}
	const init = join(folder, 'x/usr/bin/docker-init');
	if (!existsSync(init) && !existsSync(join(folder, 'x/usr/sbin/docker-init')))
		symlinkSync('tini-static', init);
	const tables = ['x/usr/sbin', 'x/sbin'].find((part) => existsSync(join(folder, part, 'xtables-nft-multi')));
	if (!tables) return;
	for (const name of ['iptables', 'ip6tables']) {
		const file = join(folder, 'wrap', name);
		writeFileSync(file, WRAPPER.replaceAll('@TABLES@', tables).replaceAll('@NAME@', name));
		chmodSync(file, 0o755);
	}
}

const WRAPPER = `#!/bin/sh
here=$(dirname "$0")/..
libs=$(dirname "$(ls -d "$here"/x/usr/lib/*/libnftnl.so.11 | head -n 1)")
LD_LIBRARY_PATH=$libs XTABLES_LIBDIR=$libs/xtables exec "$here/@TABLES@/xtables-nft-multi" @NAME@ "$@"
`;

/**
 * Runs every program of the tree once: a suite whose builds want a newer libc shows here and not half-way through a start.
 * @throws LabError naming the program that does not run on this machine
 */
export async function proveTree(folder: string): Promise<void> {
	const env = {PATH: daemonPath(folder), DOCKER_CONFIG: join(folder, 'config')};
	const checks: string[][] = [
		['dockerd', '--version'],
		['containerd', '--version'],
		['runc', '--version'],
		['docker-init', '--version'],
		['docker', '--version'],
		['docker', 'compose', 'version', '--short'],
		['nats-server', '--version'],
	];
	for (const [program = '', ...args] of checks) {
		const done = await run(program, args, {env, timeoutMs: 20_000});
		if (done.code !== 0)
			throw new LabError(`${program} ${args.join(' ')} fails here: ${lastLines(done.stderr, 2)}`);
		if (args[0] === 'compose' && !/^v?[2-9]\./.test(done.stdout)) {
			throw new LabError(`its Compose is ${done.stdout.trim()}, and version 2 is needed`);
		}
	}
}
