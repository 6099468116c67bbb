import {spawnSync} from 'node:child_process';
import {describe, expect, it} from 'vitest';
import {fromLabels, holderHere, holderText, isRunningHere, toLabels} from '../../source/lock/holder.ts';
import {machineId} from '../../source/records/machine.ts';
import {hasProc} from '../able.ts';

const here = holderHere('20261123T140311-000-restart-1', 'restart', {USER: 'ana'});
const dead = spawnSync('true').pid;

describe('a holder', () => {
	it('is the same after its way through labels', () => {
		expect(fromLabels(toLabels(here))).toEqual(here);
	});

	it('is taken apart with care: the labels are anybody’s', () => {
		const hostile = fromLabels({
			'io.jetmedic.run': '../../etc/passwd',
			'io.jetmedic.user': '\u001b[31mana\u0007',
			'io.jetmedic.pid': '-1',
			'io.jetmedic.since': 'yesterday',
			'io.jetmedic.machine': {},
			other: 'x',
		});
		expect(hostile).toMatchObject({run: '', pid: 0, since: 0, machine: '', runbook: ''});
		expect(hostile.user).not.toMatch(/\p{Cc}/u);
		expect(isRunningHere(hostile)).toBeUndefined();
		expect(holderText(fromLabels({}))).toBe('');
	});

	it.skipIf(!hasProc)('runs here or not; of another machine that can not be told', () => {
		expect(isRunningHere(here)).toBe(true);
		expect(isRunningHere({...here, pidStart: '1'})).toBe(false);
		expect(isRunningHere({...here, pid: dead})).toBe(false);
		expect(isRunningHere({...here, machine: `${machineId()}0`})).toBeUndefined();
		expect(isRunningHere({...here, machine: ''})).toBeUndefined();
		expect(isRunningHere({...here, pidStart: ''})).toBeUndefined();
	});

	it.skipIf(!hasProc)('names this boot and this namespace of processes', () => {
		expect(machineId()).toMatch(/^[\da-f-]{36} pid:\[\d+\]$/);
	});
});
