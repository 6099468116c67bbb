import {shellLine} from '../text/shell-quote.ts';

/** What the file system says of one step on the way to a file: a folder, a link, and last the file itself. */
export type Step = {
	path: string;
	kind: 'folder' | 'link' | 'file';
	uid: number;
	gid: number;
	/** The permission bits, with the sticky bit. */
	mode: number;
};

/** Who asks, and what the machine's lists of users say. */
export type Asker = {
	uid: number;
	/** The name of a user, as a sentence has it: `mallory`, else `uid 1001`. */
	userName(uid: number): string;
	groupName(gid: number): string;
	/** Whether nobody but this user and root is in the group: the private group of a user, as most systems make it. */
	isPrivateGroup(gid: number): boolean;
	/** It runs in a container, where folders of the host keep their owners' numbers. */
	isContained: boolean;
};

const groupWrites = 0o020;
const othersWrite = 0o002;
const sticky = 0o1000;
/** Of the group or of everybody else: with an access list the group's bits are the most that anybody in it has (acl(5)). */
const othersEnter = 0o011;

/**
Why a file may have been put there, or changed, by somebody who is neither root nor this user; undefined if nobody else can.
The rule of `StrictModes` in sshd_config(5), and what git (`safe.directory`) and sudo (sudoers(5), SUDOERS FILE MODE) want of
their files: each step on the way belongs to root or to this user, and nobody else can write it. In a folder with the sticky
bit, such as /tmp, nobody can replace what belongs to another (unlink(2), EPERM), so that such a folder is no hole by itself.

Below a folder that only its owner can enter, such as a home of the mode 0700, nobody else can change anything, whatever the
modes say there (path_resolution(7)): with users of LDAP no list says that a group is private, and the umask is 002 all the same.

Root accepts root's files alone, also under sudo: who may run jetmedic by sudo, and nothing else, would else run everything.

@returns Sentences that say what is wrong and what to do.
*/
export function judgeTrust(way: readonly Step[], asker: Asker): string | undefined {
	const last = way.at(-1);
	const file = last?.path ?? '';
	const closed: string[] = [];
	for (const step of way) {
		const {path, kind, uid, gid, mode} = step;
		if (uid !== 0 && uid !== asker.uid) {
			return `${belongs(file, path, kind)} ${asker.userName(uid)}, and not to ${owners(asker)}. ${advice(asker, step, last?.kind)}`;
		}
		// The way is without links: one that leads out of the closed folder leads to a path that is not below it.
		if (closed.some((folder) => path.startsWith(`${folder}/`))) {
			continue;
		}
		if (kind === 'folder' && path !== '/' && (mode & othersEnter) === 0) {
			closed.push(path);
		}
		if (kind === 'link' || (kind === 'folder' && (mode & sticky) !== 0)) {
			continue;
		}
		if ((mode & othersWrite) !== 0) {
			return `${writable(file, path, kind)} every user (mode ${octal(mode)}). ${closing(path, 'o-w')}`;
		}
		if ((mode & groupWrites) !== 0 && gid !== 0 && !asker.isPrivateGroup(gid)) {
			return `${writable(file, path, kind)} the group ${asker.groupName(gid)} (mode ${octal(mode)}). ${closing(path, 'g-w')}`;
		}
	}
	return undefined;
}

const nouns = {file: 'file', folder: 'folder', link: 'link'};

const named = (file: string, path: string, kind: Step['kind']): string =>
	path === file ? path : `The ${nouns[kind]} ${path} on the way to ${file}`;

const belongs = (file: string, path: string, kind: Step['kind']): string =>
	`${named(file, path, kind)} belongs to`;

const writable = (file: string, path: string, kind: Step['kind']): string =>
	`${named(file, path, kind)} can be changed by`;

const owners = ({uid, userName}: Asker): string => (uid === 0 ? 'root' : `root or ${userName(uid)}`);

/** What helps; the first foreign step is the topmost, and what is below a foreign folder is its owner's to change. */
function advice({uid, userName, isContained}: Asker, step: Step, whole: Step['kind'] = 'file'): string {
	if (uid !== 0) {
		return `Copy the file to a folder of ${userName(uid)}.`;
	}
	if (isContained) {
		return `Start the container with \`--user ${step.uid}:${step.gid}\`, and with \`--group-add\` and the group of the Docker socket.`;
	}
	const asOwner = `Run jetmedic as ${userName(step.uid)}, without sudo`;
	return step.kind === 'file'
		? `${asOwner}, or make the file root's.`
		: whole === 'folder'
			? `${asOwner}.`
			: `${asOwner}, or copy the file to a folder of root's.`;
}

const closing = (path: string, change: string): string =>
	`Run \`${shellLine('chmod', change, path)}\` if nobody else should.`;

const octal = (mode: number): string => (mode & 0o7777).toString(8).padStart(4, '0');
