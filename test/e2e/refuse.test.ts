import {spawnSync} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, describe, expect, it} from 'vitest';
import {closeTerminals, LAUNCHER, makeHome, start} from './terminal.ts';

describe('a console that cannot start', () => {
	afterEach(closeTerminals);

	it('points at check without a terminal', () => {
		const {status, stdout, stderr} = spawnSync(process.execPath, [LAUNCHER], {
			encoding: 'utf8',
			timeout: 10_000,
		});
		expect(stderr).toBe(
			'The console needs a terminal. Without one use `jetmedic check` or `jetmedic check --json`.\n',
		);
		expect(stdout).toBe('');
		expect(status).toBe(2);
	});

	it('names the file and the line of a wrong configuration, and draws nothing', async () => {
		const home = makeHome();
		const folder = join(home.config, 'jetmedic');
		mkdirSync(folder, {recursive: true});
		writeFileSync(join(folder, 'config.yaml'), 'deployment: titan\nstreem: TITAN_INTENTS\n');
		const terminal = start({home});
		const {code} = await terminal.exit();
		expect(code).not.toBe(0);
		// The sentence may be broken at the terminal's edge.
		const sentence = () => terminal.screen().join('');
		await terminal.until('name the place', () => /config\.yaml:2.*streem/.test(sentence()));
		expect(terminal.raw).not.toContain('\u001B[');
	});

	it('says which option it does not know', async () => {
		const terminal = start({args: ['--streem', 'X']});
		const {code} = await terminal.exit();
		expect(code).not.toBe(0);
		await terminal.see('--streem');
	});
});
