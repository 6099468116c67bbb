import {chmod, chown, mkdir, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {judgeTrust, type Step} from '../../source/config/trust.ts';
import {whyUntrusted} from '../../source/config/trust-way.ts';
import {thisUser} from '../../source/config/users.ts';
import {canBecome} from '../able.ts';
import {tempFolder} from './temp.ts';

const passwd =
	'root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh\nmallory:x:1001:1001::/:/bin/sh\nbob:x:1002:100::/:/bin/sh\n';
const group =
	'root:x:0:\nalice:x:1000:\nmallory:x:1001:\nops:x:50:alice,mallory\nusers:x:100:\nwheel:x:10:alice\n';
const alice = thisUser(1000, passwd, group, false);
const root = thisUser(0, passwd, group, false);
const contained = thisUser(0, '', '', true);

const folder = (path: string, mode = 0o755, uid = 0, gid = uid): Step => ({
	path,
	kind: 'folder',
	uid,
	gid,
	mode,
});
const file = (mode = 0o644, uid = 1000, gid = uid): Step => ({
	path: '/srv/x/jetmedic.yaml',
	kind: 'file',
	uid,
	gid,
	mode,
});
const to = (last: Step, ...before: Step[]): Step[] => [folder('/'), folder('/srv'), ...before, last];

describe('judgeTrust', () => {
	it.each([
		['her own', to(file())],
		["root's", to(file(0o644, 0))],
		[
			'with the umask 002 and a private group',
			to(file(0o664, 1000, 1000), folder('/srv/x', 0o775, 1000, 1000)),
		],
		["a file that root's group can write", to(file(0o664, 0, 0))],
		['her own in a folder with the sticky bit', to(file(), folder('/tmp', 0o1777))],
		['a link of her own', to(file(), {path: '/srv/l', kind: 'link', uid: 1000, gid: 1000, mode: 0o777})],
	])('believes %s', (_name, way) => {
		expect(judgeTrust(way, alice)).toBeUndefined();
	});

	it.each([
		[
			"another user's file",
			to(file(0o644, 1001)),
			'/srv/x/jetmedic.yaml belongs to mallory, and not to root or alice. Copy the file to a folder of alice.',
		],
		[
			'a file of a user that no list knows',
			to(file(0o644, 4242)),
			'/srv/x/jetmedic.yaml belongs to uid 4242, and not to root or alice. Copy the file to a folder of alice.',
		],
		[
			'a file that everybody can write',
			to(file(0o646)),
			'/srv/x/jetmedic.yaml can be changed by every user (mode 0646). Run `chmod o-w /srv/x/jetmedic.yaml` if nobody else should.',
		],
		[
			'a file that a group of several can write',
			to(file(0o664, 1000, 50)),
			'/srv/x/jetmedic.yaml can be changed by the group ops (mode 0664). Run `chmod g-w /srv/x/jetmedic.yaml` if nobody else should.',
		],
		[
			'a file that a group can write which is the first of another user',
			to(file(0o664, 1000, 100)),
			'/srv/x/jetmedic.yaml can be changed by the group users (mode 0664). Run `chmod g-w /srv/x/jetmedic.yaml` if nobody else should.',
		],
		[
			'a file that a group can write which no list knows',
			to(file(0o664, 1000, 4242)),
			'/srv/x/jetmedic.yaml can be changed by the group gid 4242 (mode 0664). Run `chmod g-w /srv/x/jetmedic.yaml` if nobody else should.',
		],
		[
			"another user's folder",
			to(file(), folder('/srv/x', 0o755, 1001)),
			'The folder /srv/x on the way to /srv/x/jetmedic.yaml belongs to mallory, and not to root or alice. Copy the file to a folder of alice.',
		],
		[
			'a folder that everybody can write, and no sticky bit',
			to(file(), folder('/srv/my x', 0o777, 1000)),
			"The folder /srv/my x on the way to /srv/x/jetmedic.yaml can be changed by every user (mode 0777). Run `chmod o-w '/srv/my x'` if nobody else should.",
		],
		[
			'a file of another in a folder with the sticky bit',
			to(file(0o644, 1001), folder('/tmp', 0o1777)),
			'/srv/x/jetmedic.yaml belongs to mallory, and not to root or alice. Copy the file to a folder of alice.',
		],
		[
			"another user's link to her own file",
			to(file(), {path: '/tmp/l', kind: 'link', uid: 1001, gid: 1001, mode: 0o777}),
			'The link /tmp/l on the way to /srv/x/jetmedic.yaml belongs to mallory, and not to root or alice. Copy the file to a folder of alice.',
		],
	])('does not believe %s', (_name, way, reason) => {
		expect(judgeTrust(way, alice)).toBe(reason);
	});

	it('believes root alone where root asks, also by sudo', () => {
		expect(judgeTrust(to(file(0o644, 0)), root)).toBeUndefined();
		expect(judgeTrust(to(file()), root)).toBe(
			"/srv/x/jetmedic.yaml belongs to alice, and not to root. Run jetmedic as alice, without sudo, or make the file root's.",
		);
		const home = [folder('/home/alice', 0o755, 1000), folder('/home/alice/x', 0o755, 1000)];
		expect(judgeTrust(to(file(), ...home), root)).toBe(
			"The folder /home/alice on the way to /srv/x/jetmedic.yaml belongs to alice, and not to root. Run jetmedic as alice, without sudo, or copy the file to a folder of root's.",
		);
		const records = folder('/home/alice/x/jetmedic', 0o700, 1000);
		expect(judgeTrust(to(records, ...home), root)).toBe(
			'The folder /home/alice on the way to /home/alice/x/jetmedic belongs to alice, and not to root. Run jetmedic as alice, without sudo.',
		);
		expect(judgeTrust(to(file(0o664, 0, 1000)), root)).toContain('can be changed by the group alice');
	});
});

describe('in a container', () => {
	it('root is told to be the owner of what is mounted', () => {
		expect(judgeTrust(to(folder('/data', 0o755, 1000, 1001)), contained)).toBe(
			'/data belongs to uid 1000, and not to root. Start the container with `--user 1000:1001`, and with `--group-add` and the group of the Docker socket.',
		);
	});
});

describe('below a folder that nobody else can enter', () => {
	const ldap = thisUser(4242, passwd, group, false);
	const home = (mode: number, uid = 4242) => folder('/home/carol', mode, uid, 4242);
	const inner = (path = '/home/carol/x', kind: Step['kind'] = 'folder', uid = 4242): Step => ({
		path,
		kind,
		uid,
		gid: 4242,
		mode: kind === 'link' ? 0o777 : 0o775,
	});
	const config = inner('/home/carol/x/jetmedic.yaml', 'file');

	it.each([0o700, 0o744, 0o2700])('modes say nothing: %o', (mode) => {
		expect(judgeTrust(to(config, home(mode), inner()), ldap)).toBeUndefined();
		expect(judgeTrust(to(config, home(mode, 0), inner()), ldap)).toBeUndefined();
	});

	it.each([0o750, 0o710, 0o701, 0o755])('modes count if somebody can: %o', (mode) => {
		expect(judgeTrust(to(config, home(mode), inner()), ldap)).toContain('/home/carol/x on the way');
	});

	it('owners count all the same', () => {
		expect(judgeTrust(to(config, home(0o700), inner('/home/carol/x', 'folder', 1001)), ldap)).toContain(
			'belongs to mallory',
		);
	});

	it('modes count where a link leads out of it, also one that is relative, and behind a name that begins alike', () => {
		for (const outside of ['/srv/open', '/home/carol-2']) {
			const way = to(
				inner(`${outside}/jetmedic.yaml`, 'file'),
				home(0o700),
				inner('/home/carol/l', 'link'),
				inner(outside),
			);
			expect(judgeTrust(way, ldap)).toContain(`The folder ${outside} on the way`);
		}
	});
});

describe('whyUntrusted', () => {
	it('believes a file of this user, and one that is not there', async () => {
		const at = await tempFolder({'jetmedic.yaml': 'keep: 2\n'});
		expect(whyUntrusted(join(at, 'jetmedic.yaml'))).toBeUndefined();
		expect(whyUntrusted(join(at, 'none.yaml'))).toBeUndefined();
		expect(whyUntrusted(join(at, 'jetmedic.yaml', 'none'))).toBeUndefined();
	});

	it('does not believe what everybody can write: the file, its folder, a folder above, what a link leads to', async () => {
		const at = await tempFolder({'open/own/jetmedic.yaml': 'keep: 2\n', 'open.yaml': ''});
		await chmod(join(at, 'open.yaml'), 0o666);
		await chmod(at, 0o700);
		// What is below a closed folder is nobody else's to change.
		expect(whyUntrusted(join(at, 'open.yaml'))).toBeUndefined();
		await chmod(at, 0o755);
		expect(whyUntrusted(join(at, 'open.yaml'))).toContain(`${at}/open.yaml can be changed by every user`);
		await chmod(join(at, 'open'), 0o777);
		await mkdir(join(at, 'links'));
		await symlink('../open/own/jetmedic.yaml', join(at, 'links', 'to-file'));
		await symlink(join(at, 'open', 'own'), join(at, 'links', 'to-folder'));
		for (const path of ['open/own/jetmedic.yaml', 'links/to-file', 'links/to-folder/jetmedic.yaml']) {
			expect(whyUntrusted(join(at, path)), path).toContain(
				`The folder ${at}/open on the way to ${at}/open/own/jetmedic.yaml can be changed by every user (mode 0777)`,
			);
		}
		// Nobody can replace what is another's in a folder with the sticky bit.
		await chmod(join(at, 'open'), 0o1777);
		expect(whyUntrusted(join(at, 'links', 'to-file'))).toBeUndefined();
	});

	it('says of links that lead in a circle that they do', async () => {
		const at = await tempFolder();
		await symlink('b', join(at, 'a'));
		await symlink('a', join(at, 'b'));
		expect(whyUntrusted(join(at, 'a'))).toContain('its symbolic links lead in a circle');
	});

	it.runIf(canBecome)("does not believe another user's file, folder or link", async () => {
		const at = await tempFolder({'theirs.yaml': '', 'folder/ours.yaml': '', 'ours.yaml': ''});
		await chown(join(at, 'theirs.yaml'), 54_321, 54_321);
		await chown(join(at, 'folder'), 54_321, 54_321);
		await symlink('ours.yaml', join(at, 'link'));
		await (await import('node:fs/promises')).lchown(join(at, 'link'), 54_321, 54_321);
		for (const path of ['theirs.yaml', 'folder/ours.yaml', 'link']) {
			expect(whyUntrusted(join(at, path)), path).toContain('belongs to uid 54321, and not to root');
		}
		await writeFile(join(at, 'ours.yaml'), '');
		expect(whyUntrusted(join(at, 'ours.yaml'))).toBeUndefined();
	});
});
