import {FAULTS} from './table.ts';

const GROUPS = [
	['any', 'on either form'],
	['single', 'on a single server (up --single)'],
	['cluster', 'on a cluster of three (up --cluster)'],
] as const;

/** All faults with what they do, grouped by the form of the lab that they need. */
export const faultList = (): string =>
	GROUPS.map(([topology, title]) => {
		const lines = FAULTS.filter((fault) => fault.topology === topology).map(
			({name, summary}) => `  ${name.padEnd(25)}${summary}\n`,
		);
		return `${title}\n${lines.join('')}`;
	}).join('\n');
