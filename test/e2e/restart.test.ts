import {afterEach, describe, expect, it} from 'vitest';
import {breakFault, mend} from '../../lab/lab.ts';
import {confirm, container, docker, finished, journals, showLastRun, useLab} from './lab.ts';
import {makeHome, start} from './terminal.ts';

/** The run waits for the services: the step has its spinner. */
const WAITS = /[⠋⠙⠹⠸] wait for the services/;

describe('restart', {timeout: 90_000}, () => {
	useLab();
	afterEach(() => mend());

	it('shows its plan, its steps, and the proof', async () => {
		const before = await container('titan-nats');
		const terminal = start();
		await terminal.see('Nothing is wrong');
		terminal.press('R');
		await terminal.see('PLAN  restart titan-nats');
		await terminal.see('docker compose -p titan restart titan-nats');
		await confirm(terminal);
		await terminal.see(/✔ restart titan-nats/, {withinMs: 20_000});
		await terminal.see('VERIFIED', {withinMs: 40_000});
		const text = terminal.text();
		expect(text).not.toContain('UNVERIFIED');
		for (const check of [
			/✔ containers running and healthy +5 running, 3 healthy/,
			/✔ \/healthz ok +ok in/,
			/✔ TITAN_INTENTS answers +[\d,]+ messages/,
			/✔ execution-consumer is there and its floor moves +floor \d+ → \d+/,
			/✔ brain nats healthy/,
			/✔ execution nats healthy/,
			/✔ nats_lag_messages flows/,
		]) {
			expect(text).toMatch(check);
		}
		expect((await container('titan-nats')).startedAt).not.toBe(before.startedAt);
	});

	it('is not started by what was typed ahead', async () => {
		const terminal = start();
		await terminal.see('Nothing is wrong');
		terminal.burst('Ry');
		await terminal.see('Press y');
		terminal.press('esc');
		await terminal.gone('PLAN');
		expect(journals(terminal.home)).toEqual([]);
	});

	it('goes on when it is hidden, and is found again', async () => {
		// Without its brain the deployment does not reconnect: the run waits for it.
		await breakFault('brain-down');
		const terminal = start();
		await terminal.see('titan-brain is down');
		terminal.press('R');
		await confirm(terminal);
		await terminal.see(WAITS, {withinMs: 30_000});
		terminal.press('esc');
		await terminal.gone('RUN  ');
		await terminal.see('run goes on');
		terminal.press('v');
		await terminal.see('RUN  restart titan-nats');
		terminal.press('esc');
		await docker('start', 'titan-brain');
		expect((await finished(terminal.home)).result).toBe('verified');
		await terminal.gone('run goes on');
		terminal.press('v');
		await terminal.see('VERIFIED');
	});

	it('ends verified when its console is killed, and the next console shows it', async () => {
		await breakFault('brain-down');
		const home = makeHome();
		const terminal = start({home});
		await terminal.see('titan-brain is down');
		terminal.press('R');
		await confirm(terminal);
		await terminal.see(WAITS, {withinMs: 30_000});
		terminal.kill('SIGKILL');
		await terminal.exit();
		const next = start({home});
		await next.see('RUN  restart titan-nats');
		await docker('start', 'titan-brain');
		const {result, checks} = await finished(home);
		expect(result).toBe('verified');
		expect(checks.every(({ok}) => ok)).toBe(true);
		await next.see('VERIFIED');
		const later = start({home});
		await later.see('1 CONTAINERS');
		await later.gone('RUN  ');
		await showLastRun(later);
		await later.see('VERIFIED');
	});
});
