import {describe, expect, it} from 'vitest';
import {useLab} from './lab.ts';
import {start} from './terminal.ts';

describe('what cannot be reached', () => {
	useLab();

	it('is a state on the screen where it is the Docker engine', async () => {
		const terminal = start({env: {DOCKER_HOST: 'unix:///nowhere/docker.sock'}});
		await terminal.see('The Docker engine is unreachable');
		await terminal.see(/docker ✖/);
		// NATS is seen all the same.
		await terminal.see(/execution-consumer +[\d,]+ lag/);
		terminal.press('R');
		await terminal.see('It cannot run now');
		await terminal.see('/nowhere/docker.sock');
		terminal.press('y', 'enter');
		terminal.press('esc');
		await terminal.gone('It cannot run now');
		await terminal.see('1 CONTAINERS');
	});

	it('is a state on the screen where it is NATS', async () => {
		const terminal = start({env: {NATS_URL: 'nats://127.0.0.1:4999'}});
		// The header names the address that NATS_URL gave.
		await terminal.see(/nats .*✖/);
		await terminal.see(/refused|not connected/i);
		// The containers are seen all the same.
		await terminal.see(/titan-nats +healthy/);
		expect(terminal.text()).not.toContain('Nothing is wrong');
	});
});
