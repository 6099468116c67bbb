import {setTimeout as sleep} from 'node:timers/promises';
import {closeTerminals} from '../test/e2e/terminal.ts';
import {data, openConsole} from './console.ts';
import type {Figure} from './figure.ts';
import {watchPace} from './pace.ts';
import {cpuMs, residentBytes} from './process.ts';

/** What a console costs that is only looked at: how long it is watched, and when its memory is read. */
export type Watch = {settleMs: number; forMs: number; memoryAtMs: readonly [number, number]};

const MEGABYTE = 1_000_000;

/** Processor, bytes to the terminal and memory of a console that nobody touches on a healthy deployment. */
export async function steady(scale: Figure['scale'], watch: Watch): Promise<Figure[]> {
	const {settleMs, forMs, memoryAtMs} = watch;
	const terminal = openConsole();
	const at = (ms: number) => sleep(Math.max(0, terminal.startedAt + ms - performance.now()));
	try {
		await data(terminal);
		await at(settleMs);
		const endPace = watchPace();
		const before = {cpu: cpuMs(terminal.pid), bytes: terminal.bytes, at: performance.now()};
		const memory: number[] = [];
		const figures: Figure[] = [];
		const moments = new Set([settleMs + forMs, ...memoryAtMs].sort((a, b) => a - b));
		for (const moment of moments) {
			await at(moment);
			if (moment === settleMs + forMs) {
				const elapsed = performance.now() - before.at;
				const note = `${Math.round(elapsed / 1000)} s, 120x40`;
				const paceMs = endPace();
				figures.push(
					{
						name: 'CPU of one core',
						scale,
						value: (100 * (cpuMs(terminal.pid) - before.cpu)) / elapsed,
						unit: '%',
						target: 3,
						note,
						paceMs,
					},
					{
						name: 'to the terminal',
						scale,
						value: ((terminal.bytes - before.bytes) * 1000) / elapsed,
						unit: 'B/s',
						target: 3000,
						note,
					},
				);
			}
			if (memoryAtMs.includes(moment)) memory.push(residentBytes(terminal.pid));
		}
		const after = memoryAtMs.map((ms) => (ms < 60_000 ? `${ms / 1000} s` : `${ms / 60_000} min`));
		const [early = Number.NaN, late = Number.NaN] = memory.map((bytes) => bytes / MEGABYTE);
		return [
			...figures,
			{name: 'memory', scale, value: early, unit: 'MB', target: 130, note: `RSS after ${after[0]}`},
			{name: 'memory', scale, value: late, unit: 'MB', target: 130, note: `RSS after ${after[1]}`},
		];
	} finally {
		closeTerminals();
	}
}
