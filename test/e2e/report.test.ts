import {execFileSync} from 'node:child_process';
import {afterEach, describe, expect, it} from 'vitest';
import {breakFault, mend} from '../../lab/lab.ts';
import {readFindings} from '../../source/records/finding-history.ts';
import {placeIn} from '../place-in.ts';
import {confirm, eventually, finished, useLab} from './lab.ts';
import {LAUNCHER, makeHome, start} from './terminal.ts';

describe('the report of an incident', {timeout: 90_000}, () => {
	useLab();
	afterEach(() => mend());

	it('tells what was found, what was done, and that it went', async () => {
		await breakFault('nats-stopped');
		const home = makeHome();
		const terminal = start({home});
		await terminal.see(/titan-nats .*exited|titan-nats is/, {withinMs: 20_000});
		const findings = () => readFindings(placeIn(home.state), 0);
		const down = await eventually('the finding is noted', () =>
			findings().find(({severity, change}) => severity === 'critical' && change === 'appeared'),
		);
		terminal.press('R');
		await confirm(terminal);
		expect((await finished(home)).result).toBe('verified');
		await eventually('it is noted that it went', () =>
			findings().find(({id, change}) => id === down.id && change === 'went'),
		);
		const report = execFileSync(process.execPath, [LAUNCHER, 'report'], {
			encoding: 'utf8',
			env: {...process.env, XDG_STATE_HOME: home.state, XDG_CONFIG_HOME: home.config},
		});
		const line = (text: string): number => report.split('\n').findIndex((row) => row.includes(text));
		const order = [
			'the incident began',
			`finding (critical): ${down.title}`,
			'**run started**: restart titan-nats',
			'**run ended: VERIFIED**',
		].map(line);
		expect(order.every((index) => index > 0)).toBe(true);
		expect(line('**run started**')).toBeGreaterThan(line('finding (critical)'));
		expect(line(`finding gone: ${down.title}`)).toBeGreaterThan(line('**run started**'));
		expect(report).toContain('by a key, after the plan was shown');
		expect(report).toContain('| incident since |');
		expect(report).toMatch(/\| container titan-nats \| exited.* \| running, healthy \|/);
	});
});
