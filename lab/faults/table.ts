import {LabError} from '../run.ts';
import {brainDown} from './brain-down.ts';
import {consumerStalled} from './consumer-stalled.ts';
import {executionPartitioned} from './execution-partitioned.ts';
import type {Fault} from './fault.ts';
import {metricsDown} from './metrics-down.ts';
import {natsKilled} from './nats-killed.ts';
import {natsPaused} from './nats-paused.ts';
import {natsStopped} from './nats-stopped.ts';
import {streamFull} from './stream-full.ts';

/** All faults, in the order in which they are mended: the server first, because the others need it. */
export const FAULTS: readonly Fault[] = [
	natsPaused,
	natsKilled,
	natsStopped,
	streamFull,
	executionPartitioned,
	consumerStalled,
	brainDown,
	metricsDown,
];

/** The fault of that name. @throws LabError naming all there are */
export function faultNamed(name: string): Fault {
	const fault = FAULTS.find((one) => one.name === name);
	if (fault) return fault;
	throw new LabError(
		`There is no fault "${name}". Choose one of: ${FAULTS.map((one) => one.name).join(', ')}.`,
	);
}
