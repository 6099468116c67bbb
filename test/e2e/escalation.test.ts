import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {afterEach, describe, expect, it} from 'vitest';
import {breakFault, mend} from '../../lab/lab.ts';
import {readIncident} from '../../source/records/incident.ts';
import {escalates, hook, pager, recordOf, waiting} from '../integration/pager.ts';
import {confirm, eventually, finished, useLab} from './lab.ts';
import {makeHome, start} from './terminal.ts';

/** What a console is told of where it finds things: with the variables of `makeHome` the state is below its folder. */
const stateOf = (home: {folder: string}) => join(home.folder, 'state');

describe('the escalation', {timeout: 120_000}, () => {
	useLab();
	afterEach(() => mend());

	it('comes once, from two consoles and a run, with none of them open, and the next console shows it', async () => {
		const home = makeHome();
		const phone = await pager(home.folder);
		const place = await escalates(home.folder, stateOf(home), 30, phone.command);
		await breakFault('brain-down');
		const consoles = [start({home}), start({home})];
		for (const terminal of consoles) await terminal.see(/escalates in 00:\d\d/, {withinMs: 20_000});
		consoles[0]!.press('R');
		await confirm(consoles[0]!);
		const {pid} = await waiting(place);
		for (const terminal of consoles) {
			terminal.close();
		}
		await eventually('somebody was told', () => recordOf(place)?.deliveredAt, 60_000);
		expect(recordOf(place)?.pid).toBe(pid);
		expect(phone.got()).toHaveLength(1);
		expect(phone.got()[0]).toContain('titan-brain is down');

		const next = start({home});
		await next.see(/escalated \d\d:\d\d to pager/);
		await mend();
		expect((await finished(home, 90_000)).result).toBe('verified');
		expect(phone.got()).toHaveLength(1);
	});

	it('goes on when the process that waits is killed: the next console starts another one', async () => {
		const home = makeHome();
		const phone = await pager(home.folder);
		const place = await escalates(home.folder, stateOf(home), 30, 'warnMinutes: 0', phone.command);
		await breakFault('nats-stopped');
		const first = start({home});
		await first.see(/escalates soon, in 00:\d\d/, {withinMs: 20_000});
		const {pid, since} = await waiting(place);
		first.close();
		process.kill(pid, 'SIGKILL');

		const next = start({home, args: ['--read-only']});
		const record = await waiting(place, pid);
		expect(record.since).toBe(since);
		await next.see(/escalated \d\d:\d\d to pager/, {withinMs: 60_000});
		expect(phone.got()).toHaveLength(1);
	});

	it('comes once from a console that can write nothing, which says so and lives on', async () => {
		const home = makeHome();
		const phone = await pager(home.folder);
		const place = await escalates(home.folder, stateOf(home), 5, phone.command);
		mkdirSync(dirname(place.root), {recursive: true});
		writeFileSync(place.root, 'a file where the folder should be');
		await breakFault('nats-stopped');
		const terminal = start({home});
		await terminal.see('Nothing can be recorded', {withinMs: 20_000});
		await terminal.see(/escalat(es|ing)/, {withinMs: 20_000});
		await eventually(
			'somebody was told',
			() => phone.got().some((text) => text.includes('titan-nats is down')),
			60_000,
		);
		rmSync(place.root);
		await terminal.see(/escalated \d\d:\d\d to pager/, {withinMs: 30_000});
		await terminal.gone('Nothing can be recorded', {withinMs: 40_000});
		expect(phone.got()).toHaveLength(1);
	});

	it('that fails is on the screen, with why, and not the secret address', async () => {
		const home = makeHome();
		const chat = await hook(500);
		await escalates(home.folder, stateOf(home), 5, `webhook: {url: "${chat.url}"}`);
		await breakFault('nats-stopped');
		const terminal = start({home});
		await terminal.see(/ESCALATION FAILED: 127\.0\.0\.1:\d+: HTTP 500/, {withinMs: 60_000});
		await terminal.see('The escalation reached nobody');
		await terminal.see('call the on-call lead yourself');
		expect(chat.got).toHaveLength(3);
		expect(terminal.raw).not.toContain('s3cret');
	});

	it('is not for what was mended: the clock goes, and so does the process', async () => {
		const home = makeHome();
		const phone = await pager(home.folder);
		const place = await escalates(home.folder, stateOf(home), 45, phone.command);
		await breakFault('nats-stopped');
		const terminal = start({home});
		await terminal.see(/escalates in 00:\d\d/, {withinMs: 20_000});
		terminal.close();
		await mend();
		await eventually('the incident is over', () => readIncident(place) === undefined, 90_000);
		expect(phone.got()).toEqual([]);
	});
});
