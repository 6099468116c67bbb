import {describe, expect, it} from 'vitest';
import {titan} from '../../source/config/titan.ts';
import {bindingsOf} from '../../source/ui/keys/bindings.ts';
import {useLab} from './lab.ts';
import {start, type Terminal} from './terminal.ts';

const TITLES = ['DIAGNOSIS', '1 CONTAINERS', '2 STREAMS AND CONSUMERS', '3 HEALTH', '4 LAG', '5 LOGS'];

/** Where each pane's title stands. */
function layout(terminal: Terminal): Record<string, string> {
	const rows = terminal.screen();
	return Object.fromEntries(
		TITLES.map((title) => {
			const row = rows.findIndex((text) => text.includes(title));
			return [title, `row ${row}, column ${rows[row]?.indexOf(title)}`];
		}),
	);
}

const figures = /titan-nats +healthy[\s\S]*[\d,]+ msgs[\s\S]*execution-consumer +[\d,]+ lag/;

describe('the screen', () => {
	useLab();

	it.each([
		[120, 36],
		[80, 24],
		[220, 60],
	])('shows live figures at %ix%i, no row wider than the terminal', async (columns, rows) => {
		const terminal = start({columns, rows});
		// Two seconds on an idle machine; a test machine may be busy.
		await terminal.see(figures, {withinMs: 5000});
		await terminal.see('Nothing is wrong');
		const messages = () => /([\d,]+) msgs/.exec(terminal.text())?.[1];
		const before = messages();
		await terminal.until('see the figures move', () => messages() !== before, {withinMs: 5000});
		expect(terminal.wraps()).toBe(false);
		expect(terminal.screen().at(-1)).toMatch(/ R restart .* q quit/);
		expect(terminal.screen()[0]).toMatch(/^ jetmedic +titan on /);
	});

	it('says what it needs on a small terminal, and comes back without a trace of it', async () => {
		const terminal = start({columns: 120, rows: 36});
		await terminal.see('Nothing is wrong');
		terminal.resize(60, 15);
		await terminal.see('jetmedic needs 80x24; this is 60x15');
		await terminal.until(
			'show that line alone',
			() => terminal.screen().filter((row) => row !== '').length === 1,
		);
		terminal.resize(220, 60);
		await terminal.see(figures);
		await terminal.gone('jetmedic needs');
		const fresh = start({columns: 220, rows: 60});
		await fresh.see(figures);
		await fresh.see('Nothing is wrong');
		await terminal.until(
			'have the layout of a fresh console',
			() => JSON.stringify(layout(terminal)) === JSON.stringify(layout(fresh)),
			{withinMs: 5000},
		);
		for (const title of TITLES) expect(terminal.text().split(title)).toHaveLength(2);
		expect(terminal.wraps()).toBe(false);
	});

	it('writes no colour with NO_COLOR', async () => {
		const terminal = start({env: {NO_COLOR: '1'}});
		await terminal.see('Nothing is wrong');
		expect(terminal.raw).not.toMatch(/\u001B\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;\d+)*m/);
	});

	it('writes no character beyond ASCII with --ascii', async () => {
		const terminal = start({args: ['--ascii']});
		await terminal.see('Nothing is wrong');
		await terminal.see(figures);
		expect(terminal.raw.match(/[^\u0000-\u007F]/gu)).toBeNull();
	});

	it('explains every key on ?', async () => {
		const terminal = start({columns: 160, rows: 60});
		await terminal.see('Nothing is wrong');
		terminal.press('?');
		await terminal.see('HELP');
		// A frame of this size comes in pieces.
		for (const {label, keys, shown} of bindingsOf(titan)) {
			await terminal.until(`explains ${keys.join(' ')}`, () =>
				terminal.text().includes(shown ?? keys.join(' ')),
			);
			if (typeof label === 'string') {
				await terminal.see(label);
			}
		}
		terminal.press('esc');
		await terminal.gone('HELP');
	});
});
