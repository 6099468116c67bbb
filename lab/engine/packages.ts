import {existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Place} from '../place.ts';
import type {Progress} from '../progress.ts';
import {LabError, lastLines, must, run, which} from '../run.ts';
import {processLives} from './lock.ts';
import {findMirror} from './mirror.ts';
import {type Recipe, recipes} from './suites.ts';
import {finishTree, proveTree} from './tree.ts';

/** The unpacked packages: their folder and the Debian suite the engine came from. */
export type Packages = {folder: string; suite: string};

/** What stands in the way of unpacking packages here: empty when nothing does. */
export function obstacles(): string[] {
	const list: string[] = [];
	if (process.platform !== 'linux') return ['this is not Linux'];
	if (process.getuid?.() !== 0) list.push('you are not root');
	for (const tool of ['apt-get', 'dpkg-deb', 'unshare', 'nsenter']) {
		if (!which(tool)) list.push(`${tool} is not installed`);
	}
	return list;
}

/** The packages already in the cache, or undefined. */
export function cachedPackages(place: Place): Packages | undefined {
	const folder = join(place.cache, 'packages');
	try {
		const {suite} = JSON.parse(readFileSync(join(folder, 'lab.json'), 'utf8')) as {suite: string};
		return {folder, suite};
	} catch {
		return undefined;
	}
}

/**
 * Gives the unpacked engine, fetching it on first use: nothing is installed, everything stays in the cache folder.
 * @throws LabError when no suite gives a working engine, with the reason for each
 */
export async function ensurePackages(place: Place, progress: Progress): Promise<Packages> {
	const cached = cachedPackages(place);
	if (cached) return cached;
	const mirror = findMirror();
	if (!mirror)
		throw new LabError('No Debian mirror is named in /etc/apt: add one, or start a Docker engine yourself.');
	mkdirSync(place.cache, {recursive: true});
	clearAbandoned(place.cache);
	const order = process.env['JETMEDIC_LAB_SUITES']?.split(/[\s,]+/).filter(Boolean);
	const reasons: string[] = [];
	for (const recipe of recipes(debianRelease(), order, !which('iptables'))) {
		// Each process fills a folder of its own and renames it when whole: two labs starting at once cannot mix.
		const temporary = join(place.cache, `packages.${process.pid}.${recipe.suite}`);
		try {
			progress(`fetching the engine's packages from Debian ${recipe.suite}`);
			await unpack(recipe, mirror, temporary);
			return adopt(temporary, join(place.cache, 'packages'), recipe.suite, progress);
		} catch (error) {
			reasons.push(`${recipe.suite}: ${(error as Error).message}`);
			progress(`Debian ${recipe.suite} does not do: ${(error as Error).message}`);
		} finally {
			rmSync(temporary, {recursive: true, force: true});
		}
	}
	throw new LabError(
		`No Docker engine could be unpacked from Debian packages (${reasons.join('; ')}). Check the network and the apt sources, or start a Docker engine yourself.`,
	);
}

/** Removes the half-filled folders of processes that were killed. */
function clearAbandoned(cache: string): void {
	for (const name of readdirSync(cache)) {
		const pid = Number(/^packages\.(\d+)\./.exec(name)?.[1]);
		if (pid && !processLives(pid)) rmSync(join(cache, name), {recursive: true, force: true});
	}
}

function adopt(temporary: string, folder: string, suite: string, progress: Progress): Packages {
	if (!existsSync(join(folder, 'lab.json'))) {
		rmSync(folder, {recursive: true, force: true});
		try {
			renameSync(temporary, folder);
		} catch (error) {
			// another lab was first: its folder is as good as this one
			if (!existsSync(join(folder, 'lab.json'))) throw error;
		}
	}
	progress(`engine unpacked from Debian ${suite}`);
	return {folder, suite};
}

async function unpack(recipe: Recipe, mirror: string, folder: string): Promise<void> {
	const apt = join(folder, 'apt');
	for (const part of ['etc', 'lists/partial', 'cache/archives/partial', 'debs']) {
		mkdirSync(join(apt, part), {recursive: true});
	}
	const sources = [
		'Types: deb',
		`URIs: ${mirror}`,
		`Suites: ${recipe.suites.join(' ')}`,
		'Components: main',
		// the mirror may be a frozen snapshot: its Release files are signed, but past their Valid-Until
		'Check-Valid-Until: no',
		'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg',
		'',
	];
	writeFileSync(join(apt, 'etc', 'lab.sources'), sources.join('\n'));
	const settings = {
		'Dir::Etc::SourceList': '/dev/null',
		'Dir::Etc::SourceParts': join(apt, 'etc'),
		'Dir::State::Lists': join(apt, 'lists'),
		'Dir::Cache': join(apt, 'cache'),
		'Acquire::Languages': 'none',
		'APT::Sandbox::User': 'root',
	};
	const flags = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
	const update = await run('apt-get', ['update', '-qq', ...flags], {timeoutMs: 180_000});
	if (update.code !== 0) throw new LabError(`apt-get update failed: ${lastLines(update.stderr, 2)}`);
	const debs = join(apt, 'debs');
	await must('apt-get download', 'apt-get', ['download', '-qq', ...flags, ...recipe.packages], {
		cwd: debs,
		timeoutMs: 300_000,
	});
	const tree = join(folder, 'x');
	mkdirSync(tree);
	for (const deb of readdirSync(debs)) {
		await must(`Unpacking ${deb}`, 'dpkg-deb', ['-x', join(debs, deb), tree]);
	}
	rmSync(apt, {recursive: true});
	finishTree(folder);
	await proveTree(folder);
	writeFileSync(join(folder, 'lab.json'), `${JSON.stringify({suite: recipe.suite})}\n`);
}

function debianRelease(): string {
	const text = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
	return /^VERSION_CODENAME=(\w+)/m.exec(text)?.[1] ?? 'bookworm';
}
