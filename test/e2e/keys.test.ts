import {describe, expect, it} from 'vitest';
import {useLab} from './lab.ts';
import {start, type Terminal} from './terminal.ts';

async function ready(): Promise<Terminal> {
	const terminal = start();
	await terminal.see('Nothing is wrong');
	await terminal.see(/published \d+ intents/);
	return terminal;
}

describe('keys', () => {
	useLab();

	it('l follows the log of the selected container', async () => {
		const terminal = await ready();
		terminal.press('l');
		await terminal.see(/LOGS +titan-brain, titan-execution, titan-nats/);
		await terminal.see(/\d\d:\d\d:\d\d +nats /);
		terminal.press('l');
		await terminal.gone(/\d\d:\d\d:\d\d +nats /);
	});

	it('/ searches and n goes to the next match', async () => {
		const terminal = await ready();
		terminal.press('5', '/');
		await terminal.see(/enter keep/);
		terminal.type('acknowledged');
		await terminal.see('/acknowledged');
		terminal.press('enter');
		await terminal.see(/\/acknowledged: \d+ lines/);
		await terminal.see('frozen');
		terminal.press('n', 'N');
		terminal.press('esc');
		await terminal.gone('/acknowledged');
	});

	it('f filters the pane, and esc clears it', async () => {
		const terminal = await ready();
		terminal.press('f');
		await terminal.see('filter containers:');
		terminal.type('brain');
		await terminal.gone(/titan-sentinel +running/);
		await terminal.see(/titan-brain +healthy/);
		terminal.press('enter');
		await terminal.see('filter: brain');
		terminal.press('esc');
		await terminal.see(/titan-sentinel +running/);
	});

	it('space freezes the logs while new lines come, and follows again', async () => {
		const terminal = await ready();
		terminal.press('space');
		await terminal.see(/frozen, \d+ new/);
		const newest = terminal.screen().findLast((row) => /\d\d:\d\d:\d\d +(brain|execution)/.test(row));
		await terminal.see(/frozen, ([2-9]|\d\d) new/);
		expect(terminal.text()).toContain(newest);
		terminal.press('space');
		await terminal.see('following');
	});

	it('enter shows the detail of the selected row, which stays selected', async () => {
		const terminal = await ready();
		terminal.press('j', 'j', 'enter');
		await terminal.see('DETAIL  titan-execution');
		await terminal.see(/depends on +titan-nats/);
		terminal.press('esc');
		await terminal.gone('DETAIL');
		terminal.press('enter');
		await terminal.see('DETAIL  titan-execution');
	});

	it('y copies the selected row through the terminal', async () => {
		const terminal = await ready();
		terminal.press('y');
		await terminal.see('Copied: titan-nats');
		expect(terminal.raw).toContain(`\u001B]52;c;${btoa('titan-nats')}`);
	});

	it('no key changes anything in a read-only console', async () => {
		const terminal = start({args: ['--read-only']});
		await terminal.see('READ-ONLY');
		await terminal.see('Nothing is wrong');
		for (const key of ['R', 'P', 'F', 'X']) {
			terminal.press(key);
			await terminal.see('This console is read-only');
			terminal.press('g');
			await terminal.gone('This console is read-only');
		}
	});
});
