import {readdirSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {FAULTS, faultNamed} from '../../lab/faults/table.ts';

const folder = fileURLToPath(new URL('../../lab/faults/', import.meta.url));
const helpers = ['fault.ts', 'table.ts', 'tools.ts'];

describe('the fault table', () => {
	it('has one entry for each fault file, by the same name', () => {
		const files = readdirSync(folder).filter((file) => !helpers.includes(file));
		expect(FAULTS.map((fault) => `${fault.name}.ts`).sort()).toEqual(files.sort());
	});

	it('describes each fault in one line', () => {
		for (const {summary} of FAULTS) expect(summary).toMatch(/^[^\n]{20,110}$/);
	});

	it('mends the server before what needs it', () => {
		const order = FAULTS.map((fault) => fault.name);
		for (const server of ['nats-paused', 'nats-stopped']) {
			for (const inside of ['stream-full', 'consumer-stalled']) {
				expect(order.indexOf(server)).toBeLessThan(order.indexOf(inside));
			}
		}
	});

	it('finds a fault by name and names them all for an unknown one', () => {
		expect(faultNamed('brain-down').name).toBe('brain-down');
		expect(() => faultNamed('brian-down')).toThrow(/no fault "brian-down".*nats-killed.*metrics-down/);
	});
});
