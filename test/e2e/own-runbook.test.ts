import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {confirm, container, finished, useLab} from './lab.ts';
import {makeHome, start} from './terminal.ts';

const OWN = `runbooks:
  - id: bounce
    key: B
    title: bounce the sentinel
    about: restarts the sentinel and waits for it
    steps:
      - restart: titan-sentinel
      - waitFor: [titan-sentinel]
  - id: quiet
    title: something without a key
    steps: [verify]
`;

describe("a runbook of the operator's", {timeout: 90_000}, () => {
	useLab();

	it('is in the menu and the help, and runs by its key', async () => {
		const home = makeHome();
		const path = join(home.folder, 'own.yaml');
		writeFileSync(path, OWN);
		const before = await container('titan-sentinel');
		const terminal = start({home, args: ['--config', path]});
		await terminal.see('Nothing is wrong');
		terminal.press('X');
		await terminal.see(/ B +bounce the sentinel +restarts the sentinel and waits for it/);
		await terminal.see(/something without a key/);
		terminal.press('esc');
		await terminal.gone('RUNBOOKS');
		terminal.press('?');
		await terminal.see(/B +bounce the sentinel/);
		terminal.press('esc');
		await terminal.gone('HELP');
		terminal.press('B');
		await terminal.see('PLAN  bounce the sentinel');
		await terminal.see('docker compose -p titan restart titan-sentinel');
		await confirm(terminal);
		expect((await finished(home)).result).toBe('verified');
		await terminal.see('VERIFIED');
		expect((await container('titan-sentinel')).startedAt).not.toBe(before.startedAt);
	});

	it('is refused at the start with its file and line where it is wrong', async () => {
		const home = makeHome();
		const path = join(home.folder, 'own.yaml');
		writeFileSync(path, OWN.replace('restart: titan-sentinel', 'restrat: titan-sentinel'));
		const terminal = start({home, args: ['--config', path]});
		expect((await terminal.exit()).code).toBe(78);
		expect(terminal.raw).toContain(
			'own.yaml:7: runbooks[0].steps[0].restrat: is not a known key. Did you mean restart?',
		);
	});
});
