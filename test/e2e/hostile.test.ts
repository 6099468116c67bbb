import {afterEach, describe, expect, it} from 'vitest';
import {docker, useLab} from './lab.ts';
import {start} from './terminal.ts';

const EVIL = '\u001B]0;pwned\u0007\u001B[2J\u001B[1;1H';

describe('hostile text', () => {
	useLab();
	afterEach(() => docker('rm', '-f', 'jetmedic-hostile'));

	it('of a name and of a log does not reach the terminal', async () => {
		const program = `setInterval(() => console.log(${JSON.stringify(EVIL)} + 'written by the container'), 200)`;
		await docker(
			...['run', '-d', '--name', 'jetmedic-hostile', '--network', 'titan_titan', '--entrypoint', 'node'],
			...['--label', 'com.docker.compose.project=titan', '--label', 'com.docker.compose.container-number=1'],
			...[
				'--label',
				`com.docker.compose.service=aaa${EVIL}hostile`,
				'--label',
				'com.docker.compose.oneoff=False',
			],
			...['jetmedic-lab/services:local', '-e', program],
		);
		const terminal = start();
		await terminal.see(/aaa\S*hostile +running/);
		// The NATS server stands first; this one's name sorts next.
		terminal.press('j');
		terminal.press('l');
		await terminal.see('written by the container');
		expect(terminal.raw).not.toContain('\u001B]0;');
		expect(terminal.raw).not.toContain('\u001B[2Jwritten');
		expect(terminal.text()).not.toContain('pwned');
		expect(terminal.screen()[0]).toMatch(/^ jetmedic +titan on /);
		expect(terminal.wraps()).toBe(false);
	});
});
