import {hostname, userInfo} from 'node:os';

/** Who starts a run, and from where: sudo's and SSH's own words. (sudo(8), ssh(1), "ENVIRONMENT") */
export function whoAmI(env: NodeJS.ProcessEnv = process.env): {user: string; origin: string; host: string} {
	const ssh = (env['SSH_CONNECTION'] ?? env['SSH_CLIENT'] ?? '').split(' ')[0];
	const sudo = env['SUDO_USER'];
	let user = env['USER'] ?? 'unknown';
	try {
		user = userInfo().username;
	} catch {
		// A uid without a name, as in a container.
	}
	return {
		user: sudo && sudo !== user ? `${sudo} as ${user}` : user,
		origin: ssh ? `ssh from ${ssh}` : 'local',
		host: hostname(),
	};
}
