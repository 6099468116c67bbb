import {readFileSync, utimesSync, writeFileSync} from 'node:fs';
import {describe, expect, it, onTestFinished, vi} from 'vitest';
import {ageMs, bootTime} from '../../source/records/boot-clock.ts';
import {observeIncident, writeEscalation} from '../../source/records/escalation-record.ts';
import {
	clockShiftMs,
	endIncident,
	incidentAgeMs,
	readIncident,
	startIncident,
} from '../../source/records/incident.ts';
import {hasProc} from '../able.ts';
import {tempPlace} from '../runbook/fixture.ts';

const hour = 3_600_000;

/** Sets the wall clock of this process; the clock of the boot goes on. */
function setClock(by: number): void {
	const now = Date.now.bind(Date);
	const spy = vi.spyOn(Date, 'now').mockImplementation(() => now() + by);
	onTestFinished(() => spy.mockRestore());
}

describe('an age', () => {
	it('is by the clock of the boot in the same boot, by the wall clock in another, and never negative', () => {
		const boot = {machine: 'm', upMs: 5000};
		expect(ageMs(1000, boot, 1000 + hour, {machine: 'm', upMs: 8000})).toBe(3000);
		expect(ageMs(1000, boot, 1000 - hour, {machine: 'm', upMs: 8000})).toBe(3000);
		expect(ageMs(1000, boot, 4000, {machine: 'other', upMs: 1})).toBe(3000);
		expect(ageMs(1000, undefined, 4000, undefined)).toBe(3000);
		expect(ageMs(1000, boot, 1000 - hour, {machine: 'other', upMs: 1})).toBe(0);
	});

	it.skipIf(!hasProc)('is known of this boot', () => {
		expect(bootTime()).toMatchObject({
			machine: expect.stringMatching(/^[0-9a-f-]{36} pid:/),
			upMs: expect.any(Number),
		});
	});
});

describe.skipIf(!hasProc)('the clock of an incident', () => {
	it.each([
		['forward', hour],
		['back', -hour],
	])('takes no hour by which the wall clock is set %s for one that went by', async (_, by) => {
		const place = await tempPlace();
		const since = startIncident(place, Date.now() - 60_000);
		writeEscalation(place, {
			since,
			dueAt: since + 900_000,
			to: [],
			delivered: [],
			attempts: 0,
			pid: 1,
			pidStart: '',
		});
		expect(clockShiftMs(place)).toBe(0);
		setClock(by);
		expect(incidentAgeMs(place)).toBeGreaterThanOrEqual(59_000);
		expect(incidentAgeMs(place)).toBeLessThan(120_000);
		// The same incident, shown so that its age is right on every screen.
		expect(readIncident(place)).toBe(since);
		const {since: shown, escalation} = observeIncident(place, Date.now());
		expect(Math.abs(Date.now() - shown! - 60_000)).toBeLessThan(30_000);
		expect(escalation!.dueAt - shown!).toBe(900_000);
		expect(observeIncident(place, 1).since).toBe(shown);
	});

	it('is not forgotten because the wall clock leaps over an hour', async () => {
		const place = await tempPlace();
		const since = startIncident(place, Date.now());
		setClock(2 * hour);
		expect(readIncident(place)).toBe(since);
		expect(startIncident(place, Date.now())).toBe(since);
	});

	it('is the wall clock’s after a boot', async () => {
		const place = await tempPlace();
		const since = Date.now() - 120_000;
		startIncident(place, since);
		const written = JSON.parse(readFileSync(place.incident, 'utf8'));
		writeFileSync(
			place.incident,
			JSON.stringify({...written, boot: {machine: 'an earlier boot', upMs: 1e9}}),
		);
		expect(incidentAgeMs(place)).toBeGreaterThanOrEqual(120_000);
		expect(incidentAgeMs(place)).toBeLessThan(240_000);
		const long = (Date.now() - 2 * hour) / 1000;
		writeFileSync(place.incident, JSON.stringify({since: Date.now() - 2 * hour}));
		utimesSync(place.incident, long, long);
		expect(readIncident(place)).toBeUndefined();
		endIncident(place);
		expect(incidentAgeMs(place)).toBe(0);
	});
});
