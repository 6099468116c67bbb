import {readFileSync} from 'node:fs';
import {sanitize} from '../text/sanitize.ts';
import {inContainer} from './in-container.ts';
import type {Asker} from './trust.ts';

type User = {name: string; uid: number; gid: number};
type Group = {name: string; gid: number; members: string[]};

/**
This process's user, with the names and groups that /etc/passwd and /etc/group have (passwd(5), group(5)). Of a user or a
group that is in neither, as with LDAP, the number is the name, and the group counts as shared.
*/
export function thisUser(
	uid: number,
	passwd: string = read('/etc/passwd'),
	group: string = read('/etc/group'),
	isContained: boolean = inContainer(),
): Asker {
	const users = lines(passwd).map(
		([name = '', , uid, gid]): User => ({name, uid: Number(uid), gid: Number(gid)}),
	);
	const groups = lines(group).map(
		([name = '', , gid, members = '']): Group => ({
			name,
			gid: Number(gid),
			members: members.split(',').filter(Boolean),
		}),
	);
	const nameOf = (id: number): string | undefined => users.find((user) => user.uid === id)?.name;
	return {
		uid,
		isContained,
		userName: (id) => shown(nameOf(id)) ?? `uid ${id}`,
		groupName: (id) => shown(groups.find(({gid}) => gid === id)?.name) ?? `gid ${id}`,
		isPrivateGroup(id) {
			const own = nameOf(uid);
			const found = groups.filter(({gid}) => gid === id);
			const mayWrite = (name: string): boolean => name === own || name === 'root';
			return (
				own !== undefined &&
				found.length > 0 &&
				found.every(({members}) => members.every(mayWrite)) &&
				users.every(({name, gid}) => gid !== id || mayWrite(name))
			);
		},
	};
}

/** The users of a group, by /etc/passwd and /etc/group. */
export function usersOf(
	gid: number,
	passwd: string = read('/etc/passwd'),
	group: string = read('/etc/group'),
): number[] {
	const members = new Set(
		lines(group).flatMap(([, , id, names = '']) => (Number(id) === gid ? names.split(',') : [])),
	);
	return lines(passwd).flatMap(([name = '', , uid, first]) =>
		Number(first) === gid || members.has(name) ? [Number(uid)] : [],
	);
}

const lines = (text: string): string[][] =>
	text
		.split('\n')
		.filter((line) => line !== '' && !line.startsWith('#'))
		.map((line) => line.split(':'));

const shown = (name: string | undefined): string | undefined => (name ? sanitize(name, 60) : undefined);

function read(path: string): string {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return '';
	}
}
