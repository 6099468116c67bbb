import {describe, expect, it} from 'vitest';
import {placeOf} from '../../lab/place.ts';

const env = {
	JETMEDIC_LAB_STATE: '/s',
	JETMEDIC_LAB_CACHE: '/c',
	XDG_STATE_HOME: '/xs',
	XDG_CACHE_HOME: '/xc',
};

describe('placeOf', () => {
	it('prefers the lab variables to the XDG ones', () => {
		expect(placeOf({}, env)).toMatchObject({
			name: 'default',
			state: '/s/jetmedic-lab/default',
			cache: '/c/jetmedic-lab',
		});
		expect(placeOf({}, {XDG_STATE_HOME: '/xs', XDG_CACHE_HOME: '/xc'})).toMatchObject({
			state: '/xs/jetmedic-lab/default',
			cache: '/xc/jetmedic-lab',
		});
	});

	it('takes the name from the option before the environment', () => {
		const named = {...env, JETMEDIC_LAB_NAME: 'from-env'};
		expect(placeOf({}, named).name).toBe('from-env');
		expect(placeOf({name: 'mine'}, named).state).toBe('/s/jetmedic-lab/mine');
	});

	it('shares the cache between instances and nothing else', () => {
		const [a, b] = [placeOf({name: 'a'}, env), placeOf({name: 'b'}, env)];
		expect(a.cache).toBe(b.cache);
		expect(a.socket).not.toBe(b.socket);
	});

	it('refuses a state folder too long for a unix socket, and takes one that just fits', () => {
		// "<state>/jetmedic-lab/default/exec/containerd/containerd-debug.sock" has to stay below 100 characters
		const fixed = '/jetmedic-lab/default/exec/containerd/containerd-debug.sock'.length;
		const long = (length: number) => ({...env, JETMEDIC_LAB_STATE: `/${'x'.repeat(length - 1)}`});
		expect(placeOf({}, long(99 - fixed)).name).toBe('default');
		expect(() => placeOf({}, long(100 - fixed))).toThrow(/too long.*JETMEDIC_LAB_STATE/);
	});

	it.each(['', 'Upper', '../up', '-x', 'a'.repeat(25)])('refuses the name %j', (name) => {
		expect(() => placeOf({name}, env)).toThrow(/cannot name a lab/);
	});
});
