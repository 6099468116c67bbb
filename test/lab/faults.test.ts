import {readdirSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {faultList} from '../../lab/faults/list.ts';
import {FAULTS, faultNamed} from '../../lab/faults/table.ts';

const folder = fileURLToPath(new URL('../../lab/faults/', import.meta.url));
const helpers = ['fault.ts', 'list.ts', 'table.ts'];
const order = FAULTS.map((fault) => fault.name);

describe('the fault table', () => {
	it('has one entry for each fault file, by the same name', () => {
		const files = readdirSync(folder).filter((file) => !helpers.includes(file));
		expect(order.map((name) => `${name}.ts`).sort()).toEqual(files.sort());
	});

	it('describes each fault in one line', () => {
		for (const {summary} of FAULTS) expect(summary).toMatch(/^[^\n]{20,120}$/);
	});

	it('mends the server before what needs it', () => {
		for (const server of ['nats-paused', 'nats-hung', 'nats-stopped', 'disk-full']) {
			for (const inside of ['stream-full', 'consumer-stalled']) {
				expect(order.indexOf(server)).toBeLessThan(order.indexOf(inside));
			}
		}
	});

	it('lets services make streams again before it waits for these', () => {
		expect(order.indexOf('metrics-down')).toBeLessThan(order.indexOf('stream-deleted'));
	});

	it('undoes what keeps the server from being healthy before Compose waits for its health', () => {
		const early = FAULTS.filter((fault) => fault.early).map((fault) => fault.name);
		expect(early).toEqual(
			expect.arrayContaining(['nats-paused', 'nats-cut-off', 'nats-crash-loop', 'disk-full']),
		);
	});

	it('finds a fault by name and names them all for an unknown one', () => {
		expect(faultNamed('brain-down').name).toBe('brain-down');
		expect(() => faultNamed('brian-down')).toThrow(/no fault "brian-down".*nats-killed.*metrics-down/);
	});

	it('is listed by the form of the lab that each fault needs', () => {
		const list = faultList();
		for (const {name} of FAULTS) expect(list).toMatch(new RegExp(`^ {2}${name} +\\S`, 'm'));
		expect(list.indexOf('on a cluster')).toBeLessThan(list.indexOf('quorum-lost'));
		expect(list.indexOf('on a single server')).toBeLessThan(list.indexOf('disk-full'));
	});
});
