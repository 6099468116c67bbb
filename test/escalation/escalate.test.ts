import {existsSync, mkdirSync, rmSync, utimesSync} from 'node:fs';
import {describe, expect, it, onTestFinished} from 'vitest';
import type {EscalationTarget} from '../../source/config/escalation.ts';
import type {Config} from '../../source/config/schema.ts';
import {titan} from '../../source/config/titan.ts';
import type {EscalationMessage} from '../../source/escalation/deliver.ts';
import {type EscalationWorld, escalate} from '../../source/escalation/escalate.ts';
import {
	type EscalationRecord,
	observeIncident,
	readEscalation,
	writeEscalation,
} from '../../source/records/escalation-record.ts';
import {endIncident, holdIncident, readIncident, startIncident} from '../../source/records/incident.ts';
import type {Place} from '../../source/records/place.ts';
import {tempPlace} from '../runbook/fixture.ts';

const minute = 60_000;
const message: EscalationMessage = {
	deployment: 'titan',
	host: 'prod-1',
	since: '2026-11-23T14:03:11.000Z',
	title: 'titan is not mended',
	text: 'report',
};

const config: Config = {
	...titan,
	escalation: {
		afterMinutes: 15,
		warnMinutes: 10,
		command: ['/opt/pager', '-x'],
		webhook: {url: 'https://hooks.example.com/secret'},
	},
};

type Scene = EscalationWorld & {
	place: Place;
	since: number;
	/** Whom it told, with the milliseconds of the incident at which it did. */
	told: string[];
	looks: number[];
	/** The time of the incident, milliseconds. */
	time: {ms: number};
	/** Called each time that the clock moves. */
	on: {tick?: () => void};
};

/** An incident that begins now, and a clock that only sleeping moves. */
async function scene(
	fails: (target: EscalationTarget, nth: number) => boolean = () => false,
): Promise<Scene> {
	const place = await tempPlace();
	const since = startIncident(place, Date.now());
	onTestFinished(() => endIncident(place));
	const time = {ms: 0};
	const told: string[] = [];
	const looks: number[] = [];
	const on: Scene['on'] = {};
	const counts = new Map<string, number>();
	return {
		place,
		since,
		told,
		looks,
		time,
		on,
		now: () => since + time.ms,
		ageMs: () => since + time.ms - (readIncident(place) ?? since),
		async sleep(ms) {
			time.ms += ms;
			on.tick?.();
		},
		async look(_, forMs) {
			looks.push(forMs);
			time.ms += forMs;
			return message;
		},
		async deliver(target) {
			const nth = (counts.get(target.name) ?? 0) + 1;
			counts.set(target.name, nth);
			if (fails(target, nth)) {
				throw new Error('it ended with code 1');
			}
			told.push(`${target.name} at ${Math.round(time.ms / 1000)} s`);
		},
	};
}

describe('the escalation', () => {
	it('tells each target at its time, after a look of a minute, and once', async () => {
		const world = await scene();
		expect(await escalate(world.place, config, world)).toBe('delivered');
		expect(world.told).toEqual(['pager at 900 s', 'hooks.example.com at 900 s']);
		expect(world.looks).toEqual([minute]);
		expect(await escalate(world.place, config, world)).toBe('settled');
		expect(world.told).toHaveLength(2);
		expect(observeIncident(world.place, 1)).toMatchObject({
			since: world.since,
			escalation: {
				alive: false,
				attempts: 1,
				delivered: ['pager', 'hooks.example.com'],
				deliveredAt: world.since + 15 * minute,
			},
		});
	});

	it('says on disk that it waits', async () => {
		const world = await scene();
		world.on.tick = () => {
			expect(observeIncident(world.place, 1).escalation).toEqual({
				to: ['pager', 'hooks.example.com'],
				dueAt: world.since + 15 * minute,
				alive: true,
				attempts: 0,
				delivered: [],
			});
		};
		await escalate(world.place, config, world);
		expect.hasAssertions();
	});

	it('tells nobody when the incident ended before', async () => {
		const world = await scene();
		world.on.tick = () => world.time.ms > 5 * minute && endIncident(world.place);
		expect(await escalate(world.place, config, world)).toBe('over');
		expect(world.told).toEqual([]);
		expect(world.looks).toEqual([]);
		expect(world.time.ms).toBeLessThan(6 * minute);
	});

	it('ends the incident when the look finds it mended', async () => {
		const world = await scene();
		expect(await escalate(world.place, config, {...world, look: async () => undefined})).toBe('over');
		expect(world.told).toEqual([]);
		expect(existsSync(world.place.incident)).toBe(false);
	});

	it('goes over to another incident that began meanwhile, with its own time', async () => {
		const world = await scene();
		let second = 0;
		world.on.tick = () => {
			if (second === 0 && world.time.ms > 5 * minute) {
				endIncident(world.place);
				second = startIncident(world.place, world.now());
			}
		};
		expect(await escalate(world.place, config, world)).toBe('delivered');
		expect(world.told[0]).toBe(`pager at ${Math.round((second - world.since) / 1000) + 900} s`);
		expect(readEscalation(world.place, second)?.deliveredAt).toBeDefined();
		expect(readEscalation(world.place, world.since)).toBeUndefined();
	});

	it('looks for a while, and tells, when its time is over already', async () => {
		const world = await scene();
		world.time.ms = 40 * minute;
		expect(await escalate(world.place, config, world)).toBe('delivered');
		expect(world.looks).toEqual([20_000]);
		expect(world.told[0]).toBe('pager at 2420 s');
	});

	it('is not put off by a clock that is set back', async () => {
		const world = await scene();
		let slept = 0;
		const late = {
			...world,
			now: () => world.since - 60 * minute,
			async sleep(ms: number) {
				slept += ms;
			},
		};
		expect(await escalate(world.place, config, late)).toBe('delivered');
		expect(slept).toBeLessThanOrEqual(15 * minute);
	});

	it('tries again, and only whom it has not reached', async () => {
		const world = await scene(({name}, nth) => name === 'pager' && nth < 3);
		expect(await escalate(world.place, config, world)).toBe('delivered');
		expect(world.told).toEqual(['hooks.example.com at 900 s', 'pager at 912 s']);
		expect(readEscalation(world.place, world.since)).toMatchObject({attempts: 3});
		expect(readEscalation(world.place, world.since)?.error).toBeUndefined();
	});

	it('gives up after three attempts, and says whom it did not reach and why', async () => {
		const world = await scene(({name}) => name === 'pager');
		expect(await escalate(world.place, config, world)).toBe('failed');
		expect(readEscalation(world.place, world.since)).toMatchObject({
			attempts: 3,
			delivered: ['hooks.example.com'],
			failedAt: world.since + 15 * minute + 12_000,
			error: 'pager: it ended with code 1',
		});
		expect(world.told).toHaveLength(1);
		expect(await escalate(world.place, config, world)).toBe('settled');
		expect(world.told).toHaveLength(1);
	});

	it('tells again whom one that was killed may not have told, and nobody whom it told', async () => {
		const world = await scene(({name}) => name === 'pager');
		const killed = {
			...world,
			async sleep(ms: number) {
				if (world.time.ms >= 15 * minute) {
					throw new Error('killed');
				}
				await world.sleep(ms);
			},
		};
		await expect(escalate(world.place, config, killed)).rejects.toThrow('killed');
		expect(readEscalation(world.place, world.since)).toMatchObject({attempts: 1, error: expect.any(String)});
		const next = {
			...world,
			async deliver({name}: EscalationTarget) {
				world.told.push(name);
			},
		};
		expect(await escalate(world.place, config, next)).toBe('delivered');
		expect(world.told).toEqual(['hooks.example.com at 900 s', 'pager']);
		expect(readEscalation(world.place, world.since)).toMatchObject({
			attempts: 2,
			delivered: ['hooks.example.com', 'pager'],
		});
	});

	/** The record of a process of another container, whose ids say nothing here. */
	const elsewhere = (world: Scene, change: Partial<EscalationRecord> = {}): EscalationRecord => ({
		since: world.since,
		dueAt: world.since + 15 * minute,
		to: ['pager', 'hooks.example.com'],
		attempts: 0,
		delivered: [],
		pid: 1,
		pidStart: '7',
		machine: 'another pid:[1]',
		...change,
	});

	it('is left to a process of another container that says that it waits, until it says so no more', async () => {
		const world = await scene();
		writeEscalation(world.place, elsewhere(world));
		expect(observeIncident(world.place, 1).escalation).toMatchObject({alive: true});
		expect(observeIncident(world.place, 1).escalation).not.toHaveProperty('machine');
		expect(await escalate(world.place, config, world)).toBe('settled');
		expect(world.told).toEqual([]);
		const before = Date.now() / 1000 - 121;
		utimesSync(world.place.escalation, before, before);
		expect(observeIncident(world.place, 1).escalation).toMatchObject({alive: false});
		expect(await escalate(world.place, config, world)).toBe('delivered');
		expect(world.told).toHaveLength(2);
	});

	it.each([
		['while it waits', 5],
		['just before it sends', 15],
	])('is left to another process that took it over %s', async (_, atMinute) => {
		const world = await scene();
		const takeOver = (): void => {
			if (world.time.ms >= atMinute * minute) {
				writeEscalation(world.place, elsewhere(world));
			}
		};
		world.on.tick = takeOver;
		const look = async (since: number, forMs: number): Promise<EscalationMessage | undefined> => {
			const seen = await world.look(since, forMs);
			takeOver();
			return seen;
		};
		expect(await escalate(world.place, config, {...world, look})).toBe('settled');
		expect(world.told).toEqual([]);
	});

	it('tells nobody whom another process told between two targets', async () => {
		const world = await scene();
		const deliver: EscalationWorld['deliver'] = async (target, message) => {
			await world.deliver(target, message);
			writeEscalation(world.place, elsewhere(world, {delivered: ['hooks.example.com']}));
		};
		// The record is its own again once it has written whom it told.
		expect(await escalate(world.place, config, {...world, deliver})).toBe('delivered');
		expect(world.told).toEqual(['pager at 900 s']);
	});

	it('tells each once where its record can not be written, and stays until it can', async () => {
		const world = await scene();
		// A folder where the record should be.
		mkdirSync(world.place.escalation);
		let attempts = 0;
		world.on.tick = () => {
			if (world.told.length > 0 && ++attempts === 50) {
				rmSync(world.place.escalation, {recursive: true});
			}
		};
		expect(await escalate(world.place, config, world)).toBe('delivered');
		expect(attempts).toBe(50);
		expect(world.told).toEqual(['pager at 900 s', 'hooks.example.com at 900 s']);
		expect(readEscalation(world.place, world.since)).toMatchObject({
			attempts: 1,
			delivered: ['pager', 'hooks.example.com'],
			deliveredAt: world.since + 15 * minute,
		});
	});

	it('of an incident that is on no disk stays until a look finds it over', async () => {
		const world = await scene();
		rmSync(world.place.incident);
		holdIncident(world.place, world.since);
		mkdirSync(world.place.escalation);
		let looks = 0;
		const look = async (): Promise<EscalationMessage | undefined> => (++looks < 3 ? message : undefined);
		expect(await escalate(world.place, config, {...world, look})).toBe('delivered');
		expect(looks).toBe(3);
		expect(world.told).toHaveLength(2);
		expect(readIncident(world.place)).toBeUndefined();
	});
});
