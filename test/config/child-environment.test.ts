import {expect, it} from 'vitest';
import {childEnvironment} from '../../source/config/child-environment.ts';

it('passes on what a program needs of its surroundings, and no secret', () => {
	const passed = {
		PATH: '/bin',
		HOME: '/root',
		LANG: 'C.UTF-8',
		LC_ALL: 'C',
		XDG_STATE_HOME: '/s',
		TZ: 'UTC',
		DOCKER_HOST: 'ssh://ops@host',
		https_proxy: 'http://proxy:3128',
		JETMEDIC_READ_ONLY: '1',
	};
	const kept = {
		NATS_URL: 'nats://a:hunter2@b',
		NATS_USER: 'a',
		NATS_PASSWORD: 'hunter2',
		NATS_TOKEN: 'hunter2',
		AWS_SECRET_ACCESS_KEY: 'hunter2',
		PAGER_KEY: 'hunter2',
		JETMEDIC_PASSWORD: 'hunter2',
		HTTP_PROXY: 'http://me:hunter2@proxy:3128',
		SSH_AUTH_SOCK: '/run/agent',
		LD_PRELOAD: '/x.so',
		NODE_OPTIONS: '--inspect',
		PATHS: '/x',
	};
	expect(childEnvironment({...passed, ...kept, TERM: undefined})).toEqual(passed);
});

it('passes on what the configuration names', () => {
	const env = {PAGER_KEY: 'k', NATS_PASSWORD: 'p'};
	expect(childEnvironment(env, ['PAGER_KEY', 'NOT_SET'])).toEqual({PAGER_KEY: 'k'});
});
